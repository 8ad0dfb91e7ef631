// Who was met at the door, and what the team said to the base list and to reviewers.
export default {
  guide: '引导员',
  respondent: '答题情况',
  self: '户主本人',
  member: '家庭成员',
  cadre: '干部代答',
  phone: '电话访问',
  registers: '按登记资料填写',
  lost: '失去联系',
  corrected: '底册为“{was}”，更正原因：{reason}',
  doubted: '底册有误：{reason}',
  confirmed: '与底册一致，已核对',
  reply: '调查员答复：{text}',
  elsewhere: '不在家中填写的原因',
  photo_taken: '拍摄：{at}',
  photo_place: '{at}（±{n} 米）',
}
