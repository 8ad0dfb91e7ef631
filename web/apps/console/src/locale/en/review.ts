// Review: levels, deadlines, where forms wait
export default {
  due: 'due at this level by {day}',
  late: 'late, was due by {day}',
  annotated: 'Comments sent',
  annotate: 'Send comments only',
  reopen: 'Return again',
  reopen_hint: 'This form was accepted. To return it, say why in the remarks.',
  level: 'Level',
  all_levels: 'All levels',
  age: 'Waiting',
  any_age: 'However long',
  age_from: 'more than {n} working days',
  age_span: '{from} to {to} working days',
}
