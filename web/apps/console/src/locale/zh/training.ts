// 培训: the quiz before the visits.
export const training = {
  lead: '入户前在手机上做测验；成绩由服务器按答案重新评分。',
  print: '打印',
  no_quiz: '本次调查没有测验',
  no_quiz_hint: '由方案的 quiz 一节决定，建立调查时就定下了',
  counts: '通过 {passed} 人，未通过 {failed} 人，没做 {untried} 人；每次 {ask} 题，答对 {pass} 题通过',
  total: '共 {n} 人',
  name: '姓名',
  unit: '单位',
  place: '所属地区', // of the account
  all_places: '全部乡镇',
  state: '测验',
  attempts: '次数',
  best: '最好',
  last: '最近',
  last_at: '最近一次',
  questions: '容易答错的题',
  questions_lead: '按答错的比例排列；一个人做几次就算几次',
  question: '题目',
  why: '解释',
  from: '依据', // the duty or the item
  asked: '答题人次',
  wrong: '答错',
  share: '答错比例',
}
export const trainee = { passed: '通过', failed: '未通过', untried: '没做' }
