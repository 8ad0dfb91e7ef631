// Phones of enumerators, and the packages that they leave.
export const device = {
  phones: '手机', // button beside an account
  title: '{name} 的手机',
  lead: '每次同步时手机报告的情况。“停用”后不再下发任务，仍会收下它发来的表，但转入待核对。“清除”要等它把表和照片都发完才执行，草稿先留存为数据包。',
  label: '手机和浏览器',
  seen: '最近同步',
  left: '尚未发出',
  nothing: '没有',
  some: '表 {queued} 份，草稿 {drafts} 份，照片 {media} 张',
  state: '状态',
  is_active: '在用',
  is_replaced: '已停用',
  is_wipe: '等待清除',
  is_wiped: '已清除',
  order: '指令',
  replace: '停用（换机）',
  restore: '恢复使用',
  wipe: '清除',
  keep: '取消清除',
  none: '还没有手机同步过',
}
export const phonePackage = {
  title: '手机数据包',
  open: '导入手机数据包', // button above the accounts
  lead: '没有网络或手机损坏时，调查员会交来加密文件（.ruhu）。这里打开后，其中已完成的表按正常流程接收并注明来源，已收到过的不会重复。',
  choose: '选择文件',
  came: '收到时间',
  holds: '内容',
  counts: '表 {forms} 份，草稿 {drafts} 份，照片 {pictures} 张',
  state: '状态',
  imported: '已导入',
  waits: '未导入',
  import: '导入',
  none: '还没有数据包',
  done: '导入了 {n} 份表：新收 {fresh} 份，待核对 {aside} 份。草稿 {drafts} 份要在调查员的新手机上接着填。',
}
