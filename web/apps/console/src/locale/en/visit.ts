export default {
  guide: 'Guide',
  respondent: 'Who answered',
  self: 'The head',
  member: 'A member',
  cadre: 'A cadre for them',
  phone: 'By telephone',
  registers: 'From registers',
  lost: 'Contact lost',
  corrected: 'Base list: “{was}”. Corrected because: {reason}',
  confirmed: 'As in the base list, checked',
  reply: 'The team answers: {text}',
}
