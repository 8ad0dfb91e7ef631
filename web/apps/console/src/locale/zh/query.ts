// 请示: what a team cannot decide at the door is asked upward before the form is finished
export default {
  lead: '调查员在入户时不能判定、请示后再填的题目。答复后同步到手机。',
  state: '状态',
  is_open: '待答复',
  is_answered: '已答复',
  is_closed: '已办结',
  is_withdrawn: '已撤回', // by the team, before there was an answer
  is_all: '全部',
  none: '没有请示。',
  ruling: '统一口径',
  for_all: '作为统一口径，其他调查员填到此题时可以看到（请不要写户主姓名）',
  answer: '答复',
  answer_again: '重新答复',
  hint: '写明怎么填、依据是什么',
  did_ask: '请示',
  did_answer: '答复',
  did_close: '已按答复填写',
  did_withdraw: '撤回请示',
  did_reopen: '再次请示',
}
