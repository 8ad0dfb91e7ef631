// Fake determinations, standings and rates for looking at their screens; see fake.mjs.
const title = (zh, en = zh) => ({ zh, en })
const place = { code: '430900101000', name: '示例镇', level: 'township', parent: '430900000000' }
const village = (i, name) => ({ code: String(430900101201 + i), name, level: 'village', parent: place.code })
const kind = (code, zh, consequence = 'correction') => ({
  code,
  title: title(zh),
  classes: ['exited', 'poor', 'marginal'],
  needs: 2,
  county: true,
  consequence,
  appeal_days: 5,
})
const kinds = [kind('wrongly_exited', '错退'), kind('missed', '漏评'), kind('wrongly_included', '错评', 'clearance')]
const grounds = [
  {
    rule: 'income',
    title: title('人均纯收入低于标准'),
    figures: [
      { indicator: 'income_per_head', title: title('人均纯收入（元）'), value: 3125.5, op: 'below', limit: 4000 },
    ],
  },
  {
    rule: 'housing',
    title: title('住房不安全'),
    figures: [{ indicator: 'unsafe', title: title('住房鉴定为C级或D级'), value: 1, op: 'is', limit: 1 }],
  },
]
const states = ['suspected', 'checked', 'verified', 'forwarded', 'confirmed', 'appealed', 'dismissed', 'cleared']
const one = (i) => ({
  id: `d${i}`,
  campaign_id: 'c1',
  kind: kinds[i % 3].code,
  household_id: 'h1',
  village_code: '430900101204',
  source: i % 3 === 2 ? 'hand' : 'rule',
  state: states[i],
  grounds: i % 3 === 2 ? [] : grounds,
  persons: 3 + i,
  checks: i === 1 ? [{ step: 'check', account: 'a', name: '李核实', holds: true }] : [],
  round: 1,
  submission_id: 's1',
  revision: 2,
  data_clear: i === 2,
  appeal_by: i >= 4 ? '2026-04-22' : '',
  opened_at: '2026-04-14T09:00:00Z',
  changed_at: '2026-04-14T09:00:00Z',
  version: 1,
  household_code: `H0000${i}`,
  head_name: i === 3 ? '欧阳名字特别长的示例户主（代）' : `示例户${i}`,
  class: 'exited',
  group: '三组',
  village_name: i % 2 ? '大垭口苗族土家族自治联合村（社区）' : '第一示例村',
  size: 9,
})
const item = (code, zh, result, more = {}) => ({
  code,
  title: title(zh),
  result,
  reason: title(''),
  figure: null,
  parts: [],
  limit: null,
  ...more,
})
const figure = (name, zh, value, unit = 'household') => ({ name, title: title(zh), unit, value })
const parts = [
  figure('wages', '工资性收入（元）', 12000),
  figure('business', '生产经营性收入（元）', 3200),
  figure('property', '财产性收入（元）', 0),
  figure('transfers', '转移性收入（元）', 2400.5),
  figure('spending', '生产经营性支出（元）', 1974.5),
]
const items = [
  item('income', '人均纯收入稳定超过标准', 'not_met', {
    reason: title('人均纯收入低于标准'),
    figure: figure('income_per_head', '人均纯收入（元）', 3125.5),
    parts,
    limit: 4000,
  }),
  item('food', '不愁吃', 'met'),
  item('clothes', '不愁穿', 'met'),
  item('housing', '住房安全有保障', 'not_met', { reason: title('住房鉴定为C级、D级，或者没有鉴定过') }),
  item('water', '饮水安全', 'unknown'),
  item('power', '有生活用电', 'unasked'),
]
const event = (action, more = {}) => ({
  id: action,
  action,
  opinion: '',
  by_name: '示例办公室',
  role: 'township_office',
  note: '入户查看，房屋后墙开裂，鉴定书为D级；收入按存折和务工证明核算。',
  files: [],
  at: '2026-04-15T02:00:00Z',
  ...more,
})
const show = {
  ...one(1),
  rules: kinds[0],
  items,
  figures: parts,
  events: [
    event('open', { by_name: '系统', role: '', note: '人均纯收入低于标准；住房不安全' }),
    event('check', { opinion: 'holds', files: ['f1', 'f2'] }),
  ],
  may: ['check'],
  today: '2026-04-15',
}
const rate = (code, zh, more = {}) => ({
  code,
  title: title(zh),
  basis: 'sample',
  known: true,
  estimate: 0.0187,
  lo: 0.0071,
  hi: 0.0485,
  se: 0.0091,
  df: 17,
  deff: 1.67,
  n: 170,
  of: 182,
  numerator: 11,
  base: 612,
  pending: 6,
  preview: 0.0249,
  threshold: 0.02,
  side: 'below',
  verdict: 'undecided',
  why: ['interval', 'open_cases'],
  flags: [],
  ...more,
})
const rates = {
  place,
  sampled: true,
  draw: 1,
  asks: true,
  today: '2026-04-15',
  results: [
    rate('wrongly_exited', '错退率'),
    rate('missed', '漏评率', { why: ['coverage_gap'], flags: ['effective_n_below_30'], preview: null, pending: 0 }),
    rate('composite', '综合贫困发生率', { known: false, why: ['no_population'], preview: null, estimate: 0 }),
    rate('approval', '认可度', {
      estimate: 0.9632,
      lo: 0.9411,
      hi: 0.9772,
      threshold: 0.9,
      side: 'at_least',
      verdict: 'met',
      why: [],
      preview: null,
      pending: 0,
      numerator: 178,
      base: 185,
    }),
  ],
}
const villageItem = (code, zh, measure, result, more = {}) => ({
  item: code,
  result,
  figure: '',
  note: '',
  title: title(zh),
  measure: title(measure),
  weighed: false,
  worked: false,
  by_name: '',
  at: null,
  ...more,
})
const villageItems = [
  villageItem('incidence', '贫困发生率', '低于2%', 'met', { worked: true, figure: '1.24 %' }),
  villageItem('road', '有一条通村公路实现硬化', '路面宽3.5米以上，地形困难的3.0米以上', 'met', {
    figure: '水泥路，3.6 米',
    by_name: '示例办公室',
    at: '2026-04-15T02:00:00Z',
  }),
  villageItem('clinic', '标准化卫生室', '60平方米以上、四室分设，每千人至少1名人员', 'not_met', {
    figure: '52 平方米',
    by_name: '示例办公室',
    at: '2026-04-15T02:00:00Z',
  }),
  villageItem('economy', '产业发展和集体经济收入', '统筹考虑', 'unknown', {
    weighed: true,
    figure: '茶叶 300 亩，12 万元',
  }),
]
const standing = (i, name, result) => ({
  village: village(i, name),
  result,
  met: 8,
  not_met: result === 'not_met' ? 1 : 0,
  unknown: result === 'unknown' ? 3 : 0,
  items: villageItems,
})

/** Answers a request, or undefined when it is none of these. */
export function determination(p) {
  if (p.endsWith('/determinations'))
    return [
      200,
      {
        items: states.map((_, i) => one(i)),
        next: '',
        counts: Object.fromEntries(states.map((s) => [s, 1])),
        persons: Object.fromEntries(states.map((s, i) => [s, 3 + i])),
        kinds,
      },
    ]
  if (p.startsWith('/determinations/')) return [200, show]
  if (p.endsWith('/standing'))
    return [
      200,
      {
        household_id: 'h1',
        household_code: 'H00001',
        head_name: '示例户主',
        class: 'exited',
        village_name: '大垭口苗族土家族自治联合村（社区）',
        group: '三组',
        size: 5,
        applies: true,
        submission_id: 's1',
        revision: 2,
        at: '2026-04-14T09:00:00Z',
        items,
        figures: [...parts, figure('persons', '家庭人口', 5, 'person'), figure('water', '饮水安全', null)],
        result: 'not_met',
      },
    ]
  if (p.endsWith('/rates')) return [200, rates]
  if (p.endsWith('/populations'))
    return [
      200,
      {
        items: [
          { village: village(0, '第一示例村'), listed: 412, persons: 1830 },
          { village: village(3, '大垭口苗族土家族自治联合村（社区）'), listed: 96, persons: 0 },
        ],
      },
    ]
  if (p.endsWith('/village-standings'))
    return [
      200,
      {
        items: [
          standing(0, '第一示例村', 'met'),
          standing(3, '大垭口苗族土家族自治联合村（社区）', 'not_met'),
          standing(5, '第六示例村', 'unknown'),
        ],
      },
    ]
  return undefined
}
