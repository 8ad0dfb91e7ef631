/**
 * Departments that measures are usually given to, proposed while typing. They are data, not words of the screen: the
 * ledger keeps them in Chinese, as the rules of the forms name them, and other ones may be written.
 */
export const sectors = [
  '民政',
  '教育',
  '医保',
  '卫健',
  '住建',
  '水利',
  '人社',
  '发改',
  '自然资源',
  '残联',
  '扶贫',
  '交通',
  '农业农村',
]
