// 审核: levels, deadlines, where forms wait
export default {
  due: '本级应于 {day} 前审完',
  late: '已超期，应于 {day} 前审完',
  annotated: '批注已发出',
  annotate: '只发批注', // comments at questions; the form stays where it is
  reopen: '重新退回', // a form that was accepted
  reopen_hint: '这份表已经通过。要退回，请在意见里写明原因。',
  level: '审核级别',
  all_levels: '全部级别',
  age: '等待时间',
  any_age: '不限等待时间',
  age_from: '超过 {n} 个工作日',
  age_span: '{from} 至 {to} 个工作日',
}
