// A fake of the API for looking at the screens without a server: plain data, long names, no rules. Development only.
import { determination } from './determination.mjs'
import { identity, linkPage, suspectPage } from './identity.mjs'

const region = (code, name, level, parent) => ({ code, name, level, parent })
const town = region('430900101000', '示例镇', 'township', '430900000000')
const villages = Array.from({ length: 26 }, (_, i) =>
  region(
    String(430900101201 + i),
    i === 3 ? '大垭口苗族土家族自治联合村（社区）' : `第${i + 1}示例村`,
    'village',
    town.code,
  ),
)
const counts = (i) => ({
  assigned: 40 - i,
  submitted: 30 - i,
  returned: i % 3,
  accepted: 22 - (i % 20),
  problems_open: i % 5,
  problems_closed: i % 4,
  problems_overdue: i === 2 ? 1 : 0,
})
const total = {
  assigned: 400,
  submitted: 310,
  returned: 12,
  accepted: 260,
  problems_open: 37,
  problems_closed: 21,
  problems_overdue: 1,
}
const title = (zh, en = zh) => ({ zh, en })
const campaign = {
  id: 'c1',
  playbook: 'p',
  title: '示例镇脱贫质量“回头看”入户排查（2026年春季第一轮）',
  playbook_title: title('脱贫质量“回头看”', 'Look-back survey'),
  region: town,
  zone: 'Asia/Shanghai',
  starts_on: '2026-03-01',
  state: 'running',
  stage: 'visits',
  stages: [
    {
      code: 'preparation',
      title: title('工作筹备', 'Preparation'),
      from: '2026-03-01',
      to: '2026-04-10',
      state: 'done',
    },
    { code: 'visits', title: title('入户调查', 'Visits'), from: '2026-04-13', to: '2026-04-28', state: 'now' },
    {
      code: 'rectification',
      title: title('问题整改', 'Rectification'),
      from: '2026-04-13',
      to: '2026-06-15',
      state: 'next',
    },
    { code: 'report', title: title('总结上报', 'Report'), from: '2026-06-16', to: '2026-06-30', state: 'next' },
  ],
  forms: [
    {
      code: 'registered',
      title: title('问卷A 建档立卡户'),
      version: '1',
      hash: 'a'.repeat(64),
      classes: ['poor', 'exited'],
    },
    {
      code: 'unregistered',
      title: title('问卷B 非建档立卡户'),
      version: '1',
      hash: 'b'.repeat(64),
      classes: ['marginal', 'subsistence', 'ill'],
    },
  ],
  rules: { team_size: 2, households_per_day: 10, own_village: 'forbidden', county_share: 0.5 },
  levels: [
    { code: 'supervisor', title: title('复核'), role: 'supervisor', coverage: 1 },
    { code: 'township', title: title('镇办审核'), role: 'township_office', coverage: 1 },
  ],
}
const teams = Array.from({ length: 20 }, (_, i) => ({
  id: `t${i}`,
  name: `第${i + 1}组`,
  members: [
    { id: `e${i}a`, account: `e${i}a`, name: '欧阳示例', from_county: true, home_village: null },
    { id: `e${i}b`, account: `e${i}b`, name: '示例乙', from_county: false, home_village: villages[i] },
  ],
  assigned: 20,
  done: i,
}))
const households = Array.from({ length: 30 }, (_, i) => ({
  id: `h${i}`,
  code: `43090010120${String(i).padStart(4, '0')}`,
  village: villages[i % 26],
  group: `${(i % 9) + 1}组`,
  head_name: i === 1 ? '阿卜杜热西提·买买提艾力' : `示例${i}`,
  head_id_number: '4309**********001X',
  phone: '138****0000',
  class: ['exited', 'poor', 'marginal', 'subsistence', 'ordinary'][i % 5],
  exit_year: 2018,
  size: (i % 5) + 1,
  tags: i % 3 ? [] : ['残疾', '易地搬迁'],
  assignment:
    i % 4
      ? { id: `a${i}`, state: ['open', 'submitted', 'returned', 'done'][i % 4], team_name: '第3组', date: '2026-04-15' }
      : null,
}))
const assignments = households.map((h, i) => ({
  id: `a${i}`,
  household: h,
  form: 'registered',
  team: { id: 't2', name: '第3组' },
  date: '2026-04-15',
  state: ['open', 'submitted', 'returned', 'done'][i % 4],
  submission_id: null,
}))
const submissions = households.slice(0, 24).map((h, i) => ({
  id: `s${i}`,
  assignment_id: `a${i}`,
  household: i === 5 ? null : h,
  form: 'registered',
  team: { id: 't2', name: '第3组' },
  revision: (i % 2) + 1,
  state: ['review', 'review', 'accepted', 'returned', 'quarantined'][i % 5],
  level: 'supervisor',
  findings: { errors: i === 4 ? 1 : 0, warnings: i % 3, unconfirmed: i % 2 },
  received_at: '2026-04-15T08:31:00.000Z',
  returned_times: i % 2,
  reason: i % 5 === 4 ? 'submission.no_assignment' : '',
  reason_text: i % 5 === 4 ? '找不到对应的任务' : '',
}))
const answer = (ref, label, display, more = {}) => ({
  ref,
  label,
  type: 'text',
  value: display,
  display,
  comments: [],
  findings: [],
  ...more,
})
const submission = {
  ...submissions[1],
  form_title: title('问卷A 建档立卡户'),
  may: ['approve', 'return', 'annotate'],
  revisions: [1, 2].map((n) => ({
    n,
    digest: 'c'.repeat(64),
    size: 7100,
    received_at: '2026-04-15T08:31:00.000Z',
    by_name: '欧阳示例',
    errors: 0,
    warnings: 1,
  })),
  sections: [
    {
      ref: '/data/a',
      title: '一、基本情况',
      answers: [
        answer('/data/a/q2', '2. 您家是否常年吃得饱，且能适当吃好（有肉蛋奶或豆制品等蛋白质来源）？', '是'),
        answer('/data/a/q3', '3. 是否有应季的衣服和被褥？', '是', { previous: '否' }),
        answer('/data/a/q4', '4. 家中适龄儿童是否在校？', '是', {
          comments: [
            {
              id: 'k',
              ref: '/data/a/q4',
              text: '请核实小女儿是否在校',
              by_name: '复核员',
              at: '2026-04-15T12:00:00Z',
              revision: 1,
              level: 'supervisor',
              resolved: false,
              turns: [
                {
                  action: 'reply',
                  text: '以学籍系统为准',
                  by_name: '镇办',
                  role: 'township_office',
                  at: '2026-04-16T02:00:00.000Z',
                },
              ],
              may: ['reply', 'resolve'],
            },
          ],
        }),
      ],
    },
    {
      ref: '/data/b',
      title: '二、政策落实',
      answers: [
        answer('/data/b/q11', '11. 是否享受健康扶贫政策？', '否', {
          findings: [
            {
              ref: '/data/b/q11',
              rule: 'w11',
              severity: 'warning',
              message: title('选“否”请核实是否确未享受'),
              reason: '住院在外省，尚未报销',
            },
          ],
        }),
        answer('/data/sign', '户主签字', '', { type: 'image', value: `${'d'.repeat(64)}.png` }),
      ],
    },
  ],
  comments: [],
  history: [
    { at: '2026-04-15T08:31:00Z', by_name: '欧阳示例', role: 'enumerator', action: 'submit', level: '', note: '' },
    {
      at: '2026-04-15T12:00:00Z',
      by_name: '复核员',
      role: 'supervisor',
      action: 'return',
      level: 'supervisor',
      note: '见批注',
    },
  ],
}
const problems = households.slice(0, 12).map((h, i) => ({
  id: `p${i}`,
  number: `2026-${String(i + 1).padStart(4, '0')}`,
  code: 'housing_unsafe',
  title: title(
    i % 2 ? '住房不安全（C级或D级）' : '适龄儿童失学辍学（不想上学或负担不起）',
    'Unsafe house (class C or D)',
  ),
  category: '住房安全',
  sector: i % 2 ? '住建' : '教育',
  severity: ['high', 'medium', 'low'][i % 3],
  nature: 'standard',
  source: 'rule',
  off_name: '',
  household: h,
  village: h.village,
  state: ['registered', 'fixing', 'claimed', 'verified', 'closed'][i % 5],
  responsible: 'village',
  found_on: '2026-04-15',
  due_on: '2026-05-06',
  first_due: '2026-05-06',
  overdue: i === 0,
  warned: i === 1,
  notice: i === 3 ? 'open' : '',
  reply_by: '',
  data_clear: i === 2,
}))
const problem = (id) => {
  const p = problems.find((x) => x.id === id) ?? problems[0]
  return {
    ...p,
    version: 3,
    reference: '',
    signed_by: '',
    notices: [],
    petition: null,
    cause: '房屋年久失修，屋面漏雨',
    measure: '纳入危房改造，五月底前完工',
    person: '村支书',
    submission_id: 's1',
    events: [
      { id: 'e1', at: '2026-04-15T08:40:00Z', by_name: '', role: '', action: 'register', note: '', files: [] },
      {
        id: 'e2',
        at: '2026-04-16T02:00:00Z',
        by_name: '示例村支书',
        role: 'village',
        action: 'start',
        note: '',
        files: [],
      },
      {
        id: 'e3',
        at: '2026-04-20T02:00:00Z',
        by_name: '示例村支书',
        role: 'village',
        action: 'claim',
        note: '已完成改造',
        files: ['d'.repeat(64)],
      },
    ],
    may: p.id === 'p1' ? ['start', 'claim'] : p.id === 'p2' ? ['verify', 'reject'] : p.id === 'p0' ? ['start'] : [],
  }
}
const days = [
  '2026-04-13',
  '2026-04-14',
  '2026-04-15',
  '2026-04-16',
  '2026-04-17',
  '2026-04-18',
  '2026-04-19',
  '2026-04-20',
]
const plan = {
  feasible: true,
  reasons: [],
  from: '2026-04-13',
  to: '2026-04-28',
  assignments: 400,
  teams: teams.map((x, i) => ({
    id: x.id,
    name: x.name,
    days: days
      .filter((_, d) => (d + i) % 3)
      .map((date, d) => ({
        date,
        villages: d === 1 ? [villages[i], villages[3]] : [villages[i]],
        households: 10 - (d % 4),
      })),
  })),
}
const report = (errors) => ({
  dry_run: true,
  file_name: '示例镇底册.xlsx',
  digest: 'e'.repeat(64),
  sheets: [
    { name: '户信息', kind: 'household', header_row: 3, rows: 400 },
    { name: '说明', kind: 'ignored', header_row: 0, rows: 0 },
  ],
  errors: errors
    ? Array.from({ length: 8 }, (_, i) => ({
        sheet: '户信息',
        row: 12 + i,
        column: 'F',
        header: '证件号码',
        code: 'roster.id_check',
        message: '身份证号码的校验位不对，请核对',
        value: '4309**********1234',
      }))
    : [],
  errors_total: errors ? 8 : 0,
  warnings: [
    {
      sheet: '户信息',
      row: 9,
      column: 'K',
      header: '联系电话',
      code: 'roster.formula',
      message: '单元格是公式，采用了保存的结果',
      value: '138****0000',
    },
  ],
  warnings_total: 1,
  counts: {
    households_new: 380,
    households_changed: 12,
    households_same: 8,
    members_new: 1203,
    members_changed: 20,
    members_same: 11,
    members_gone: 1,
  },
  changes: [
    {
      household_code: '430900101200001',
      head_name: '示例1',
      field: 'phone',
      from: '138****0000',
      to: '139****0000',
    },
  ],
})
const page = (items) => ({ items, next: '', total: items.length })
const all = [
  'self',
  'region.read',
  'account.read',
  'account.manage',
  'campaign.read',
  'campaign.manage',
  'roster.read',
  'roster.pii',
  'roster.import',
  'team.read',
  'team.manage',
  'assign.read',
  'assign.manage',
  'submission.read',
  'review.decide',
  'ledger.read',
  'ledger.register',
  'ledger.verify',
  'ledger.close',
  'progress.read',
  'audit.read',
  'match.read',
  'match.decide',
  'match.suspect',
  'determine.read',
  'determine.open',
  'determine.verify',
  'determine.enter',
]

/** Answers one request, or undefined when the path is unknown. `mode`: office, village, empty, broken. */
export function fake(method, path, query, mode) {
  const p = path.replace('/api/v1', '')
  const office = {
    id: 'me',
    account: 'office',
    name: '示例办公室',
    role: 'township_office',
    county: '430900',
    region: town,
    actions: all,
    pin_set: false,
    server_time: '2026-04-15T09:00:00Z',
  }
  const me =
    mode === 'village'
      ? {
          ...office,
          name: '示例村支书',
          role: 'village',
          region: villages[3],
          actions: [
            'self',
            'region.read',
            'campaign.read',
            'roster.read',
            'ledger.read',
            'ledger.claim',
            'progress.read',
          ],
        }
      : office
  if (p === '/me' || p === '/session') return [200, me]
  if (p === '/campaigns') return [200, { items: [campaign] }]
  if (p === '/regions') return [200, { items: [town, ...villages] }]
  if (mode === 'broken')
    return [503, { code: 'db.busy', title: 'busy', detail: '系统正忙，请稍后再试。', request_id: 'r-123' }]
  if (mode === 'empty' && method === 'GET') {
    if (p.endsWith('/progress'))
      return [
        200,
        {
          version: 0,
          updated_at: '2026-04-15T09:00:00Z',
          totals: Object.fromEntries(Object.keys(total).map((k) => [k, 0])),
          villages: [],
          teams: [],
          days: [],
        },
      ]
    if (p.endsWith('/plan')) return [404, { code: 'assign.no_plan', detail: '还没有计划' }]
    return [200, { items: [], pairs: [], next: '', total: 0, counts: {}, persons: {}, kinds: [], results: [] }]
  }
  const determined = determination(p)
  if (determined) return determined
  if (p.endsWith('/identity') || p.endsWith('/identity/runs')) return [200, identity]
  if (p.endsWith('/identity/links')) return [200, linkPage]
  if (p.endsWith('/decision'))
    return [409, { code: 'match.decided', detail: '刚才已有人（李办事员）对这一条作了处理，请看最新情况' }]
  if (p.endsWith('/suspects')) return [200, suspectPage]
  if (p === '/playbooks') return [200, { items: [{ id: 'p', title: campaign.playbook_title }] }]
  if (p === '/accounts')
    return [
      200,
      {
        items: teams
          .flatMap((x) => x.members)
          .map((m) => ({
            ...m,
            role: 'enumerator',
            region_code: town.code,
            region_name: town.name,
            home_village: m.home_village?.code ?? '',
            unit: '县民政局',
            disabled: m.account === 'e3a',
            created_at: '2026-03-01T00:00:00Z',
          })),
        next: '',
      },
    ]
  if (/^\/campaigns\/[^/]+\/stage$/.test(p))
    return [
      409,
      {
        code: 'survey.gate',
        detail: '“入户调查”阶段还有事没做完',
        fields: { missing: [{ gate: 'g', code: 'x', zh: '还有 90 户没有走访', en: '90 households to visit' }] },
      },
    ]
  if (/^\/campaigns\/[^/]+$/.test(p)) return [200, campaign]
  if (p.endsWith('/progress'))
    return [
      200,
      {
        version: 7,
        updated_at: '2026-04-15T09:00:00Z',
        totals: total,
        villages: villages.map((v, i) => ({ code: v.code, name: v.name, ...counts(i) })),
        teams: teams.map((x, i) => ({ id: x.id, name: x.name, ...counts(i) })),
        days: days.map((date, i) => ({ date, ...counts(i) })),
      },
    ]
  if (p.endsWith('/imports'))
    return method === 'POST'
      ? [200, report(query.get('name')?.includes('bad') ?? false)]
      : [
          200,
          {
            items: [
              {
                id: 'i1',
                file_name: '示例镇底册.xlsx',
                at: '2026-03-02T01:00:00Z',
                by_name: '示例办公室',
                counts: report(false).counts,
              },
            ],
          },
        ]
  if (p.endsWith('/households')) return [200, { ...page(households), next: 'x', total: 400 }]
  if (p.startsWith('/households/'))
    return [
      200,
      {
        ...households[1],
        members: [1, 2, 3].map((i) => ({
          id: `m${i}`,
          name: `示例成员${i}`,
          id_number: '4309**********001X',
          relation: i === 1 ? '户主' : '之子',
          sex: i % 2 ? 'male' : 'female',
          birth_date: '1960-01-01',
          health: '长期慢性病',
          schooling: '非在校生',
          phone: '',
          state: i === 3 ? 'gone' : 'present',
        })),
        submissions: submissions.slice(0, 2),
        problems: problems.slice(0, 2),
      },
    ]
  if (p.endsWith('/teams/form'))
    return [
      200,
      { items: teams, reasons: [{ code: 'assign.odd', message: '县直人员比乡镇人员少 1 人，示例丙未编入小组' }] },
    ]
  if (p.endsWith('/teams')) return [200, { items: teams }]
  if (p.endsWith('/plan')) return [200, plan]
  if (p.endsWith('/assignments')) return [200, page(assignments)]
  if (p.endsWith('/move')) return [409, { code: 'assign.own_village', detail: '示例乙是第3示例村人，不能调查本村。' }]
  if (p.endsWith('/submissions'))
    return [
      200,
      { ...page(submissions), counts: { review: 10, accepted: 5, returned: 5, quarantined: 4, received: 0 } },
    ]
  if (p.endsWith('/diff'))
    return [200, { items: [{ ref: '/data/a/q3', label: '3. 是否有应季的衣服和被褥？', from: '否', to: '是' }] }]
  if (p.startsWith('/submissions/')) return [200, submission]
  if (p.endsWith('/problems'))
    return [200, { ...page(problems), counts: { registered: 3, fixing: 3, claimed: 2, verified: 2, closed: 2 } }]
  if (p.startsWith('/problems/')) return [200, problem(p.split('/')[2])]
  return undefined
}
