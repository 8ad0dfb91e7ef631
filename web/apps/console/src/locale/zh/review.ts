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
  // threads at questions
  reply: '回复',
  say: '发出',
  reply_text: '回复内容',
  resolve: '已解决',
  thread_reopen: '重新打开',
  reopen_text: '为什么还没解决',
  said_resolve: '标为已解决',
  said_reopen: '重新打开',
  open_threads: '未解决的批注 {n} 条',
  elsewhere: '题目已不再问到的批注',
}
