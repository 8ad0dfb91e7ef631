// Two phones edited the same revision of a form.
export const conflict = {
  title: '第 {n} 版与第 {current} 版都改自第 {base} 版',
  is_open: '待处理',
  is_merged: '已自动合并为第 {n} 版',
  is_kept: '保留原有一版',
  is_taken: '已采用，成为第 {n} 版',
  lead: '两部手机改了同一题，系统没有合并。请比较后决定采用哪一版；需要更正时请退回调查员，不要在这里改。',
  incomparable: '第 {n} 版与现有各版无法逐题比较（原版不在或问卷版本不同），请打开查看后决定。',
  versions: '三个版本逐题对照',
  base: '修改前',
  current: '现有一版', // the revision that stands
  other: '后到一版', // the edit that was set aside
  both: '两边都改了',
  note: '说明（采用后到一版时必填）',
  keep: '保留第 {n} 版',
  take: '采用第 {n} 版',
}
// How a revision came, where it was not sent by a phone.
export const via = { package: '由数据包导入', merge: '自动合并', chosen: '督导选定', client: '其他客户端' }
