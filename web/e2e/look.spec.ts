// Every screen, on a desk and on a phone: no complaint on the console, nothing that scrolls sideways, no barrier that axe calls
// serious. Pictures of all of them are left in web/test-results/look; `RUHU_SCREENS=../docs/screens` takes the README's anew.
import { newId } from '@ruhu/api'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest'
import { Client } from './harness/api'
import { DESK, launch, open, PHONE } from './harness/browser'
import { Desk } from './harness/desk'
import { faults, keep, settle, shoot } from './harness/look'
import { idNumber } from './harness/people'
import { Phone } from './harness/phone'
import { loadRegister, merged } from './harness/register'
import { hook, is } from './harness/see'
import { serveDemo, type Server } from './harness/server'

const PASSWORD = 'ruhu-demo-2026'
const PIN = '246810'

let server: Server
let browser: Browser
/** Ids of things that have a screen of their own. */
const ids = {
  campaign: '',
  household: '',
  submission: '',
  revised: '',
  problem: '',
  overdue: '',
  village: '',
  account: '',
  listed: '',
  handed: '',
  listing: '',
  changed: '',
  circular: '',
  checked: '',
  meeting: '',
  register: '',
  mapping: '',
  differs: '',
}

interface Item {
  id: string
  household?: { id: string } | null
}

beforeAll(async () => {
  server = await serveDemo([])
  browser = await launch()
  const office = await Client.login(server.url, 'office', PASSWORD)
  const first = async (path: string): Promise<Item> => {
    const { items } = await office.ok<{ items: Item[] }>('GET', path)
    if (!items[0]) throw new Error(`the demo has nothing at ${path}`)
    return items[0]
  }
  ids.campaign = (await first('/campaigns')).id
  const at = `/campaigns/${ids.campaign}`
  // One the supervisor may decide on, with a finding if there is one.
  const queue = await office.ok<{ items: (Item & { findings: { warnings: number } })[] }>(
    'GET',
    `${at}/submissions?state=review&level=supervisor&limit=100`,
  )
  ids.submission = (queue.items.find((s) => s.findings.warnings > 0) ?? queue.items[0])?.id ?? ''
  const { items } = await office.ok<{ items: (Item & { revision: number })[] }>(
    'GET',
    `${at}/submissions?state=accepted&limit=100`,
  )
  ids.revised = items.find((s) => s.revision > 1)?.id ?? ids.submission
  const problem = await office.ok<{ items: (Item & { village: { code: string } })[] }>(
    'GET',
    `${at}/problems?state=claimed`,
  )
  const claimed = problem.items[0] ?? (await first(`${at}/problems`))
  ids.problem = claimed.id
  ids.household = claimed.household?.id ?? (await first(`${at}/households`)).id
  const late = await office.ok<{ items: (Item & { village: { code: string } })[] }>(
    'GET',
    `${at}/problems?overdue=true`,
  )
  ids.overdue = late.items[0]?.id ?? ''
  ids.village = late.items[0]?.village.code ?? ''
  await registers(office, at)
  const people = await office.ok<{ items: { account: string; region_code: string }[] }>(
    'GET',
    '/accounts?role=village&limit=100',
  )
  const of = (village: string) => people.items.find((a) => a.region_code === village)?.account ?? ''
  ids.account = of(ids.village)
  // The demo leaves one village at work on its list and one that has handed it in.
  const listing = await office.ok<{ items: { village: { code: string }; state: string }[] }>('GET', `${at}/listing`)
  const where = (state: string) => listing.items.find((v) => v.state === state)?.village.code ?? ''
  ids.listed = where('open')
  ids.handed = where('village')
  ids.listing = of(ids.listed)
  const work = await office.ok<{ items: { id: string; code: string; proposal: { action: string } | null }[] }>(
    'GET',
    `${at}/listing/${where('frozen')}`,
  )
  // The demo has a Friday behind it: its circular is computed when the server begins.
  while (!ids.circular) {
    const made = await office.ok<{ items: Item[] }>('GET', `${at}/circulars`)
    ids.circular = made.items[0]?.id ?? ''
    if (!ids.circular) await new Promise((go) => setTimeout(go, 200))
  }
  // What a check of the province found in a household whose form was accepted: its signers are traced.
  ids.checked = newId()
  await office.ok('PUT', `${at}/problems/${ids.checked}`, {
    household_id: ids.household,
    title: { zh: '省级检查：住房墙体开裂，未列入台账', en: 'The walls are cracked, not in the ledger' },
    category: '住房安全',
    sector: '住建',
    severity: 'high',
    source: 'provincial',
    reference: '省查〔2020〕12 号',
    note: '入户核查发现',
  })
  ids.meeting = newId()
  const called = {
    level: 'township',
    held_on: '2026-04-20',
    place: '镇政府会议室',
    chair: '组长',
    participants: ['甲'],
    minutes: '',
  }
  await office.ok('PUT', `${at}/meetings/${ids.meeting}`, called)
  ids.changed = work.items.find((h) => h.code && h.proposal && h.proposal.action !== 'confirm')?.id ?? ids.household
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/**
 * Registers for the demo's households: one in use that differs from the base list and leaves somebody out, and one in a file with mistakes
 * whose columns are still to be chosen.
 */
async function registers(office: Client, at: string): Promise<void> {
  const { items } = await office.ok<{ items: { id: string; code: string; village: { code: string } }[] }>(
    'GET',
    `${at}/households?limit=60`,
  )
  const registry: string[][] = [['姓名', '公民身份号码', '户号', '与户主关系', '村']]
  const system: string[][] = []
  for (const [i, h] of items.entries()) {
    const { members } = await office.ok<{ members: { name: string; id_number: string; relation: string }[] }>(
      'GET',
      `/households/${h.id}`,
    )
    for (const [j, m] of members.entries()) {
      // Every fourth household is one with the next in the registry; sizes and names differ here and there.
      registry.push([m.name, m.id_number, `K${i % 4 === 1 ? i - 1 : i}`, m.relation, h.village.code])
      const name = i % 7 === 3 && j === 0 ? `${m.name}某某某` : m.name
      const size = members.length + Number(i % 5 === 0)
      system.push([name, m.id_number, h.code, m.relation, h.village.code, String(size), j > 2 ? '' : '是'])
    }
  }
  registry.push(['欧阳某某', idNumber('1950-01-01', 901), 'K900', '户主', items[0]?.village.code ?? ''])
  const header = ['姓名', '证件号码', '户编号', '与户主关系', '行政村']
  await loadRegister(office, ids.campaign, 'household_registry', registry)
  await loadRegister(office, ids.campaign, 'national', [[...header, '家庭人口', '是否参加基本医保'], ...system])
  const blank = [null, null, null, null, null]
  const wrong = merged(
    '家庭成员信息',
    [
      ['某某县建档立卡系统导出', null, ...blank],
      [...header, '家庭情况', null],
      [...blank, '家庭人口', '是否参加基本医保'],
      ...system.map((r, i) => (i % 9 === 5 ? [r[0] ?? '', '4.30922E+17', ...r.slice(2, 5), '很多', '是'] : r)),
    ],
    ['A1:G1', 'A2:A3', 'B2:B3', 'C2:C3', 'D2:D3', 'E2:E3', 'F2:G2'],
  )
  const name = encodeURIComponent('某某县国扶系统户信息导出表（县扶贫办报送，第三次修订稿）.xlsx')
  ids.mapping = (await office.ok<Item>('POST', `${at}/registers?kind=national&name=${name}`, wrong)).id
  const kinds = await office.ok<{ items: { code: string; files: { id: string; state: string }[] }[] }>(
    'GET',
    `${at}/registers`,
  )
  ids.register = kinds.items.find((k) => k.code === 'national')?.files.find((f) => f.state === 'current')?.id ?? ''
  for (;;) {
    const houses = await office.ok<{ items: unknown[] }>('GET', `${at}/identity/houses?kind=roster`)
    const figures = await office.ok<{ items: Required<Item>[] }>('GET', `${at}/agreement/figures?field=size`)
    ids.differs = figures.items[0]?.household?.id ?? ''
    if (houses.items.length > 0 && ids.differs !== '') return
    await new Promise((go) => setTimeout(go, 200))
  }
}

interface Screen {
  name: string
  /** The path; :ids are filled in. */
  path: string
  /** What to do before looking. */
  first?: (page: Page) => Promise<void>
  /** Under which name the README shows it. */
  readme?: string
  /** On a phone, not on a desk. */
  readmePhone?: true
  /** What the console complains about on purpose. */
  meant?: RegExp
}

const bottom = (page: Page) =>
  page
    .locator('main')
    .last()
    .evaluate((e) => e.lastElementChild?.scrollIntoView(false))
const press = (name: string) => (page: Page) => hook(page, name).first().click()

const OFFICE: Screen[] = [
  { name: 'progress', path: '/c/:campaign/progress', readme: 'progress' },
  { name: 'progress-teams', path: '/c/:campaign/progress', first: press('by-teams') },
  { name: 'progress-days', path: '/c/:campaign/progress', first: press('by-days') },
  { name: 'campaign', path: '/c/:campaign/settings' },
  { name: 'forms', path: '/c/:campaign/settings/forms' },
  { name: 'registers', path: '/c/:campaign/registers', readme: 'registers' },
  { name: 'register', path: '/c/:campaign/registers/:register' },
  { name: 'register-columns', path: '/c/:campaign/registers/:mapping' },
  {
    name: 'register-report',
    path: '/c/:campaign/registers/:mapping',
    first: async (page) => {
      await hook(page, 'register-check').click()
      await hook(page, 'register-verdict').waitFor()
    },
  },
  { name: 'agreement', path: '/c/:campaign/agreement' },
  { name: 'agreement-nothing', path: '/c/:campaign/agreement?state=settled' },
  { name: 'agreement-villages', path: '/c/:campaign/agreement?view=villages' },
  { name: 'agreement-papers', path: '/c/:campaign/agreement?view=papers' },
  { name: 'agreement-export', path: '/c/:campaign/agreement', first: press('agreement-export') },
  { name: 'agreement-household', path: '/c/:campaign/agreement/:differs', readme: 'agreement' },
  { name: 'agreement-settle', path: '/c/:campaign/agreement/:differs', first: press('figure-settle') },
  { name: 'identity', path: '/c/:campaign/identity' },
  { name: 'identity-houses', path: '/c/:campaign/identity/houses' },
  { name: 'identity-queue', path: '/c/:campaign/identity/queue' },
  { name: 'suspects', path: '/c/:campaign/suspects' },
  { name: 'roster', path: '/c/:campaign/roster' },
  { name: 'roster-nothing', path: '/c/:campaign/roster?q=没有这个人' },
  { name: 'roster-import', path: '/c/:campaign/roster/import' },
  { name: 'household', path: '/c/:campaign/households/:household' },
  { name: 'household-history', path: '/c/:campaign/households/:changed', first: bottom },
  { name: 'listing', path: '/c/:campaign/listing' },
  { name: 'listing-review', path: '/c/:campaign/listing/:handed' },
  {
    name: 'listing-return',
    path: '/c/:campaign/listing/:handed',
    first: async (page) => hook(page, 'listing-return').click(),
  },
  { name: 'listing-key', path: '/c/:campaign/listing/:listed', first: press('listing-key') },
  { name: 'frozen', path: '/c/:campaign/listing/frozen' },
  { name: 'sampling', path: '/c/:campaign/sampling' },
  { name: 'teams', path: '/c/:campaign/teams' },
  { name: 'team-edit', path: '/c/:campaign/teams', first: press('team-edit') },
  { name: 'team-drop', path: '/c/:campaign/teams', first: press('team-drop') },
  { name: 'team-off', path: '/c/:campaign/teams', first: press('off-open') },
  { name: 'training', path: '/c/:campaign/training' },
  { name: 'training-nobody', path: '/c/:campaign/training?state=failed&team=none' },
  { name: 'people', path: '/c/:campaign/people' },
  { name: 'person-ties', path: '/c/:campaign/people', first: press('person-edit') },
  { name: 'staff-import', path: '/c/:campaign/people', first: press('staff-open') },
  { name: 'guides', path: '/c/:campaign/guides' },
  { name: 'guide-new', path: '/c/:campaign/guides', first: press('guide-new') },
  { name: 'arrangements', path: '/c/:campaign/arrangements' },
  { name: 'arrange-new', path: '/c/:campaign/arrangements', first: press('arrange-new') },
  { name: 'plan', path: '/c/:campaign/plan', readme: 'plan' },
  { name: 'plan-villages', path: '/c/:campaign/plan?by=villages' },
  { name: 'plan-trial', path: '/c/:campaign/plan', first: press('plan-rest') },
  { name: 'assignments', path: '/c/:campaign/assignments' },
  { name: 'assignment-move', path: '/c/:campaign/assignments?state=open', first: press('assignment-move') },
  { name: 'assignment-back', path: '/c/:campaign/assignments?state=open', first: press('assignment-back') },
  { name: 'papers', path: '/c/:campaign/papers' },
  { name: 'papers-blank', path: '/c/:campaign/papers?kind=blank' },
  { name: 'papers-household', path: '/c/:campaign/papers?household=:household' },
  { name: 'overview', path: '/c/:campaign/overview' },
  { name: 'quality', path: '/c/:campaign/quality?state=' },
  { name: 'rechecks', path: '/c/:campaign/rechecks', first: press('recheck-draw') },
  { name: 'scores', path: '/c/:campaign/scores', meant: /409/ },
  { name: 'submissions', path: '/c/:campaign/submissions' },
  { name: 'submission', path: '/c/:campaign/submissions/:submission' },
  { name: 'submission-revisions', path: '/c/:campaign/submissions/:revised', first: press('view-revisions') },
  { name: 'submission-history', path: '/c/:campaign/submissions/:revised', first: press('view-history') },
  { name: 'determinations', path: '/c/:campaign/determinations' },
  {
    name: 'determination',
    path: '/c/:campaign/determinations',
    first: async (page) => {
      await hook(page, 'determination-row').getByRole('link').first().click()
      await hook(page, 'case-act').waitFor()
    },
  },
  { name: 'suspicion', path: '/c/:campaign/households/:household/suspicion' },
  { name: 'standing', path: '/c/:campaign/households/:household/standing' },
  { name: 'rates', path: '/c/:campaign/rates' },
  { name: 'village-standings', path: '/c/:campaign/village-standings' },
  { name: 'village-standing', path: '/c/:campaign/village-standings', first: press('village-standing') },
  { name: 'waiting', path: '/c/:campaign/waiting?by=team' },
  { name: 'areas', path: '/c/:campaign/areas' },
  { name: 'area', path: '/c/:campaign/areas/:village' },
  { name: 'meetings', path: '/c/:campaign/meetings', first: press('meeting-call') },
  { name: 'meeting', path: '/c/:campaign/meetings/:meeting' },
  { name: 'bulk', path: '/c/:campaign/submissions?state=mine', first: press('bulk-tick') },
  { name: 'problems', path: '/c/:campaign/problems', readme: 'problems' },
  { name: 'problem', path: '/c/:campaign/problems/:problem', readme: 'problem' },
  { name: 'problem-create', path: '/c/:campaign/problems/new' },
  {
    name: 'problem-petition',
    path: '/c/:campaign/problems/new',
    first: async (page) => {
      await hook(page, 'problem-source').selectOption('petition')
    },
  },
  { name: 'problem-judge', path: '/c/:campaign/problems/:overdue', first: press('act-judge') },
  { name: 'ledger', path: '/c/:campaign/ledger' },
  { name: 'ledger-rectification', path: '/c/:campaign/ledger?register=rectification' },
  { name: 'ledger-nothing', path: '/c/:campaign/ledger?register=notice' },
  { name: 'ledger-help', path: '/c/:campaign/ledger?register=help' },
  { name: 'ledger-daily', path: '/c/:campaign/ledger?register=daily' },
  { name: 'ledger-common', path: '/c/:campaign/ledger?register=common', first: press('common-edit') },
  { name: 'signatures', path: '/c/:campaign/signatures' },
  { name: 'signature-forms', path: '/c/:campaign/signatures/village/:village' },
  { name: 'signature-problems', path: '/c/:campaign/signatures/ledger/:village' },
  { name: 'trace-search', path: '/c/:campaign/trace?q=1' },
  { name: 'trace', path: '/c/:campaign/trace/:household?problem=:checked' },
  { name: 'circulars', path: '/c/:campaign/circulars' },
  { name: 'circular', path: '/c/:campaign/circulars/:circular', first: press('circular-why-open') },
  { name: 'circular-withdraw', path: '/c/:campaign/circulars/:circular', first: press('circular-withdraw') },
  { name: 'daily', path: '/c/:campaign/circulars/daily' },
  { name: 'campaigns', path: '/campaigns' },
  { name: 'campaign-create', path: '/campaigns/new' },
  { name: 'accounts', path: '/accounts' },
  { name: 'account-edit', path: '/accounts', first: press('account-edit') },
  {
    name: 'account-clients',
    path: '/accounts?role=enumerator',
    first: async (page) => {
      await hook(page, 'account-clients').first().click()
      await hook(page, 'client-make').click()
      await hook(page, 'client-made').waitFor()
    },
  },
  { name: 'regions', path: '/regions' },
  { name: 'mergers', path: '/regions', first: bottom },
  { name: 'merger-new', path: '/regions', first: press('merger-new') },
  { name: 'me', path: '/me' },
  { name: 'nowhere', path: '/there/is/no/such/screen' },
]
const SUPERVISOR: Screen[] = [
  {
    name: 'review',
    path: '/c/:campaign/submissions/:submission',
    first: async (page) => {
      // The wages, by the number that they have in either questionnaire.
      const wages = page.locator('[data-test="answer"]:is([data-ref$="/q1_1"], [data-ref$="/q1c"])').first()
      await hook(wages, 'comment-open').click()
      await hook(wages, 'comment-text').fill('请核对工资流水')
    },
  },
]
const VILLAGE: Screen[] = [
  { name: 'village-problems', path: '/c/:campaign/problems' },
  { name: 'village-problem', path: '/c/:campaign/problems/:overdue', readme: 'village', readmePhone: true },
  {
    name: 'village-escalate',
    path: '/c/:campaign/problems/:overdue',
    first: press('act-escalate'),
  },
  { name: 'village-ledger', path: '/c/:campaign/ledger?register=help' },
  { name: 'village-progress', path: '/c/:campaign/progress' },
]
const LISTING: Screen[] = [
  { name: 'village-listing', path: '/c/:campaign/listing' },
  {
    name: 'village-correct',
    path: '/c/:campaign/listing',
    first: async (page) => {
      await hook(page, 'listing-correct').first().click()
      await hook(page, 'member-change').first().click()
    },
  },
  {
    name: 'village-strike',
    path: '/c/:campaign/listing',
    first: async (page) => {
      await hook(page, 'listing-strike').first().click()
      await hook(page, 'answer-reason').selectOption('lost')
    },
  },
  { name: 'village-add', path: '/c/:campaign/listing', first: press('listing-add') },
  {
    name: 'village-offline',
    meant: /ERR_FAILED/,
    path: '/c/:campaign/listing',
    first: async (page) => {
      await page.route('**/proposals/**', (r) => r.abort())
      await hook(page, 'listing-confirm').first().click()
      await hook(page, 'listing-unsent').waitFor()
    },
  },
]

const NARROW: BrowserContextOptions = { ...PHONE, hasTouch: false }
const fill = (path: string): string => path.replace(/:(\w+)/g, (_, key: keyof typeof ids) => ids[key])

/** Opens each screen, looks, and collects what is wrong with it. */
async function walk(d: Desk, screens: Screen[], size: string): Promise<void> {
  const wrong: string[] = []
  for (const s of screens) {
    d.complaints.list.length = 0
    await d.page.goto(d.base + fill(s.path))
    try {
      await d.at('page-title').waitFor()
      await settle(d.page)
      await s.first?.(d.page)
      await settle(d.page)
    } catch (e) {
      wrong.push(`${s.name}: ${String(e).split('\n')[0]}`)
    }
    await shoot(d.page, `${s.name}-${size}`)
    if (s.readme && size === (s.readmePhone ? 'phone' : 'desk')) await keep(d.page, s.readme)
    const heard = d.complaints.list.filter((c) => !s.meant?.test(c))
    for (const f of [...(await faults(d.page)), ...heard]) wrong.push(`${s.name}: ${f}`)
  }
  expect(wrong).toEqual([])
}

it('looking sees what is wrong', async () => {
  const { context } = await open(browser, NARROW)
  const page = await context.newPage()
  await page.setContent('<html lang="zh"><title>x</title><main><img src="x"><div style="width:900px">宽</div></main>')
  const found = await faults(page)
  expect(found.find((f) => f.startsWith('scrolls sideways'))).toBeDefined()
  expect(found.find((f) => f.startsWith('image-alt'))).toBeDefined()
  await context.close()
})

describe.each([
  ['desk', DESK],
  ['phone', NARROW],
] as const)('the console on a %s', (size, options) => {
  it.each([
    ['office', OFFICE],
    ['supervisor', SUPERVISOR],
  ])('shows %s every screen without a fault', async (account, screens) => {
    const d = await Desk.login(browser, server.url, account, PASSWORD, options)
    await walk(d, screens, size)
    await d.close()
  })

  it('shows a village its problems without a fault', async () => {
    const d = await Desk.login(browser, server.url, ids.account, PASSWORD, options)
    await walk(d, VILLAGE, size)
    await d.close()
  })

  it('shows a village its list without a fault', async () => {
    const d = await Desk.login(browser, server.url, ids.listing, PASSWORD, options)
    await walk(d, LISTING, size)
    await d.close()
  })

  it('shows the login, also a refused one, in both languages', async () => {
    const { context, complaints } = await open(browser, options)
    const page = await context.newPage()
    await page.goto(server.url + '/')
    const wrong: string[] = []
    const look = async (name: string) => {
      await shoot(page, `${name}-${size}`)
      for (const f of await faults(page)) wrong.push(`${name}: ${f}`)
    }
    await hook(page, 'login-account').fill('office')
    await hook(page, 'login-password').fill('not the password')
    await hook(page, 'login-submit').click()
    await hook(page, 'error').waitFor()
    expect(await hook(page, 'error').getAttribute('data-code')).toBe('account.login')
    await look('login')
    await hook(page, 'language').click()
    await look('login-en')
    await hook(page, 'login-password').fill(PASSWORD)
    await hook(page, 'login-submit').click()
    await hook(page, 'page-title').waitFor()
    for (const s of [
      ['progress-en', '/c/:campaign/progress'],
      ['submission-en', '/c/:campaign/submissions/:submission'],
      ['problem-en', '/c/:campaign/problems/:problem'],
    ] as const) {
      await page.goto(server.url + fill(s[1]))
      await hook(page, 'page-title').waitFor()
      await settle(page)
      await look(s[0])
    }
    expect([...wrong, ...complaints.list.filter((c) => !c.includes('/api/v1/session'))]).toEqual([])
    await context.close()
  })
})

describe('the phone app', () => {
  it('shows every screen without a fault', async () => {
    const p = await Phone.take(browser, server.url)
    onTestFailed(() => console.error(p.complaints.list))
    const wrong: string[] = []
    const look = async (name: string, readme?: string) => {
      await settle(p.page)
      await shoot(p.page, `field-${name}`)
      if (readme) await keep(p.page, readme)
      for (const f of await faults(p.page)) wrong.push(`${name}: ${f}`)
    }
    await p.at('login-submit').waitFor()
    await look('login')
    await p.login('e01', PASSWORD)
    await p.at('pin-enter').waitFor()
    await look('pin-enter')
    await p.enterPin(PIN)
    await p.at('household').first().waitFor()
    await look('list', 'phone-list')
    await p.at('by-village').tap()
    await look('list-by-village')
    await p.at('by-day').tap()
    await p.at('to-receipts').tap()
    await p.at('receipt-count').waitFor()
    await look('receipts')
    await p.at('back').tap()
    await p.at('to-me').tap()
    await p.at('storage').waitFor()
    await look('me')
    await p.at('logout').tap()
    await look('me-logout')
    await p.at('logout-no').tap()
    await p.at('to-badge').tap()
    await p.at('badge-code').waitFor()
    await look('badge')
    await p.at('back').tap()
    await p.at('to-pin').tap()
    await p.at('pin-first').waitFor()
    await look('pin')
    await p.at('back').tap()
    await p.at('to-recorded').tap()
    await p.at('recorded').waitFor()
    await look('recorded-none')
    await p.at('back').tap()
    await p.at('to-training').tap()
    await p.at('quiz-start').waitFor()
    await look('training')
    await p.at('practice-start').first().tap()
    await p.onPage('g_household')
    await look('practice')
    await p.at('contents').tap()
    await p.page.locator('[data-test="index-row"][data-page$="/g_sign"]').tap()
    await p.at('next').tap()
    await p.at('next').tap()
    await p.at('practice-end').tap()
    await p.at('practice-review').waitFor()
    await look('practice-review')
    await p.at('practice-done').tap()
    await p.at('quiz-start').tap()
    await p.at('quiz').waitFor()
    await look('quiz')
    await p.answerQuiz(10)
    await p.at('quiz-result').waitFor()
    await look('quiz-result')
    await p.at('quiz-done').tap()
    await p.at('back').tap()
    await p.at('to-package').tap()
    await p.at('export').waitFor()
    await look('package')
    await p.at('back').tap()
    await p.at('lock-now').tap()
    await p.at('lock-pin').waitFor()
    await look('lock')
    await p.at('lock-pin').fill(PIN)
    await p.at('lock-submit').tap()
    await p.at('storage').waitFor()
    await p.at('back').tap()

    // A household that uses questionnaire A.
    await p.at('household').filter({ hasText: '脱贫户' }).and(p.page.locator('[data-state="unvisited"]')).first().tap()
    await p.at('household-page').waitFor()
    await look('household')
    await p.at('open-form').tap()
    for (const group of ['g_household', 'g_mode', 'g_q1', 'g_q4', 'g_q10', 'g_q11', 'g_q19', 'g_sign']) {
      await p.at('contents').tap()
      await p.page.locator(`[data-test="index-row"][data-page$="/${group}"]`).tap()
      await p.onPage(group)
      if (group === 'g_mode') await p.answer('mode', '1')
      if (group === 'g_q1') await p.answer('q1', '36000')
      if (group === 'g_q4') {
        await p.answer('q4', '1')
        await p.answer('q4_1', '1')
      }
      if (group === 'g_q10') await p.answer('q10', '2')
      if (group === 'g_q11') await p.answer('q11', '2')
      if (group === 'g_sign') await p.sign()
      await look(`form-${group}`, group === 'g_q10' ? 'phone-conflict' : group === 'g_sign' ? 'phone-sign' : undefined)
    }
    await p.at('enumerator-scan').tap()
    await is(p.at('badge-scan'), 'data-camera', 'none')
    await look('form-scan')
    await p.at('badge-close').tap()
    await p.confirmOwn()
    await p.question('enumerator_1_signature').scrollIntoViewIfNeeded()
    await look('form-confirmed')
    await p.sign('enumerator_1_signature')
    await look('form-by-hand')
    await p.at('contents').tap()
    await look('form-contents')
    await p.at('index-open').tap()
    await look('form-open')
    await p.at('index-open').tap()
    await p.at('view-type-huge').tap()
    await p.at('view-contrast').tap()
    await p.at('view-page-question').tap()
    await look('form-contents-huge')
    for (const q of ['q4_1', 'q10', 'q11']) {
      await p.page.locator(`[data-test="index-row"][data-page$="/${q}"]`).tap()
      await p.onPage(q)
      await look(`form-${q}-huge`)
      await p.at('contents').tap()
    }
    await p.at('view-type-normal').tap()
    await p.at('view-contrast').tap()
    await p.at('view-page-group').tap()
    await p.at('index-finish').tap()
    await p.at('finish-errors').waitFor()
    await look('form-finish')
    await p.at('leave').tap()
    await p.at('household-page').waitFor()
    await look('household-draft')
    await p.at('back').tap()
    await p.at('to-me').tap()
    await p.at('to-recorded').tap()
    await p.at('recorded-open').tap()
    await p.page.locator('[data-test="recorded-question"][data-ref$="/q10"]').waitFor()
    await look('recorded')
    await p.at('back').tap()
    await p.at('language').tap()
    await look('me-en')
    expect([...wrong, ...p.complaints.list]).toEqual([])
    await p.context.close()
  })

  it('shows a returned form without a fault', async () => {
    const account = await returnedTo()
    const p = await Phone.take(browser, server.url)
    await p.login(account, PASSWORD)
    await p.enterPin(PIN)
    const wrong: string[] = []
    await p.page.locator('[data-test="household"][data-state="returned"]').first().tap()
    await p.at('returned-note').waitFor()
    await shoot(p.page, 'field-returned')
    wrong.push(...(await faults(p.page)))
    await p.at('open-form').tap()
    await p.at('comment-next').tap()
    await p.at('comment').first().waitFor()
    await settle(p.page)
    await shoot(p.page, 'field-returned-form')
    await keep(p.page, 'phone-returned')
    wrong.push(...(await faults(p.page)))
    expect([...wrong, ...p.complaints.list]).toEqual([])
    await p.context.close()
  })
})

/** An enumerator whose team has a returned form with a comment. */
async function returnedTo(): Promise<string> {
  for (let i = 1; i <= 40; i += 2) {
    const account = `e${String(i).padStart(2, '0')}`
    const c = await Client.login(server.url, account, PASSWORD)
    const pack = await c.ok<{ assignments: { returned: { comments: unknown[] } | null }[] }>('GET', '/field/package')
    if (pack.assignments.some((a) => a.returned && a.returned.comments.length > 0)) return account
  }
  throw new Error('the demo has no returned form')
}
