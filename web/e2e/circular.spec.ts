// Fridays: the cut-off passes, the circular is computed, the leader approves it on a phone, the office issues it. A village is last for the third
// time, and what follows is in the circular. The server's clock is moved; the facts of the weeks are sent through the API.
import type { Browser } from 'playwright-core'
import { newId } from '@ruhu/api'
import { afterAll, beforeAll, expect } from 'vitest'
import { Client, makeAccount } from './harness/api'
import { launch, PHONE } from './harness/browser'
import { Desk } from './harness/desk'
import { faults, settle, shoot } from './harness/look'
import { day, TOWN } from './harness/people'
import { count, hook, is, shows } from './harness/see'
import { serveAt, type Clocked } from './harness/server'
import { story } from './harness/story'

const PLACES = [
  { code: TOWN, name: '东山镇' },
  { code: '990101101201', name: '清溪村' },
  { code: '990101101202', name: '石桥村' },
  { code: '990101101203', name: '大龙坪土家族苗族自治联合示范村（原竹山村、向阳村）' },
]
const SLOW = PLACES[3]?.code ?? ''
const BOOK = `id: friday
title: {zh: 周五, en: Friday}
time_zone: Asia/Shanghai
switches: {purpose: assessment, ranking: on}
stages:
  - {code: visits, title: {zh: 入户, en: Visits}, from: 2026-03-02, to: 2026-03-31}
roles:
  - {code: township_leader, title: {zh: 镇领导, en: Leader}, level: township}
  - {code: township_office, title: {zh: 镇办, en: Office}, level: township}
  - {code: supervisor, title: {zh: 指导员, en: Supervisor}, level: township}
  - {code: village, title: {zh: 村, en: Village}, level: village}
scope:
  levels: [township, village]
  classes:
    - {code: poor, title: {zh: 贫困户, en: Poor}}
team: {size: 2, households_per_day: 10, own_village: forbidden, county_share: 0.5}
forms:
  - {code: a, title: {zh: 问卷, en: Form}, file: a.md, for: [poor]}
review:
  - {level: 1, code: first, title: {zh: 复核, en: Re-check}, role: supervisor, coverage: 1, powers: [approve, return], deadline_days: 1}
ledger:
  due_days: 3
  responsible: village
  verify_by: township_office
  evidence: note
  responsibles: [village]
  severities: [{code: high, title: {zh: 严重, en: High}}]
circulars:
  cutoff: '18:00'
  series:
    - code: weekly
      title: {zh: 问题整改周通报, en: Weekly circular}
      period: weekly
      weekday: friday
      measure: problems_in_time
      approve: [township_leader]
      issue: [township_office]
      score: {object: villages, round: year}
      consequences:
        - {run: 2, code: named, title: {zh: 通报点名, en: Named}}
        - {run: 3, code: talk, title: {zh: 诫勉谈话，年度考核扣 3 分, en: 'Talk, 3 points off'}, points: 3}
scoring:
  objects:
    - code: villages
      title: {zh: 村, en: Villages}
      kind: village
      rounds: [{code: year, title: {zh: 年度考核, en: Year}, weight: '1'}]
      scheme:
        rounding: {places: 2}
        items:
          - {code: work, title: {zh: 年度工作, en: Year's work}, weight: '1', max: '100'}
`
const FORM = `## settings

| form_title | form_id | version | default_language |
|---|---|---|---|
| 问卷 | friday-a | 1 | 中文 (zh) |

## survey

| type | name | label::中文 (zh) | label::English (en) |
|---|---|---|---|
| text | head_name | 户主 | Head |
`

let server: Clocked
let browser: Browser
let campaign: string
/** The Monday on which the survey begins: a coming one, as the browser's cookies must not be of the past. */
const monday = day(((8 - new Date(day(0)).getUTCDay()) % 7) + 7)
/** A day and time of the survey, in its zone. */
const at = (days: number, time: string): Date => new Date(Date.parse(`${monday}T${time}:00+08:00`) + days * 86_400_000)
const date = (days: number): string => new Date(at(days, '12:00')).toISOString().slice(0, 10)
const FRIDAY = 4

const step = story(() => ({ browser, server }))

interface Head {
  id: string
  digest: string
}

beforeAll(async () => {
  server = await serveAt(at(0, '09:00'), { 'friday/playbook.yaml': BOOK, 'friday/a.md': FORM })
  const admin = await Client.login(server.url, 'admin')
  await admin.ok('PUT', '/regions', { items: PLACES })
  const people = [
    ['office', 'township_office', TOWN],
    ['leader', 'township_leader', TOWN],
    ...PLACES.slice(1).map((p) => [`v${p.code.slice(-3)}`, 'village', p.code]),
  ]
  for (const [account = '', role = '', region_code = ''] of people)
    await makeAccount(admin, { account, name: `某${account}`, role, region_code })
  campaign = newId()
  const office = await Client.login(server.url, 'office')
  await office.ok('PUT', `/campaigns/${campaign}`, {
    playbook: 'friday',
    title: '问题整改',
    region_code: TOWN,
    starts_on: monday,
  })
  await office.ok('POST', `/campaigns/${campaign}/stage`, { stage: 'visits' })
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** A week in which every village gets a problem, and all but one mend it in time. Ends on its Friday, after the cut-off. */
async function week(n: number): Promise<void> {
  const first = 7 * n
  await server.move(at(first, '10:00'))
  const office = await Client.login(server.url, 'office')
  for (const { code } of PLACES.slice(1)) {
    const id = newId()
    await office.ok('PUT', `/campaigns/${campaign}/problems/${id}`, {
      village_code: code,
      title: { zh: '路灯不亮', en: '' },
      category: '基础设施',
      sector: '村建',
      severity: 'high',
      due_on: date(first + 3),
      note: '走访发现',
    })
    if (code === SLOW) continue
    const village = await Client.login(server.url, `v${code.slice(-3)}`)
    await village.ok('POST', `/problems/${id}/start`, { id: newId(), cause: '线路', measure: '检修', person: '某甲' })
    await village.ok('POST', `/problems/${id}/claim`, { id: newId(), note: '已修好' })
    await office.ok('POST', `/problems/${id}/verify`, { id: newId(), note: '看过' })
    await office.ok('POST', `/problems/${id}/close`, { id: newId(), note: '销号' })
  }
  await server.move(at(first + FRIDAY, '18:02'))
}

/** The circular of the week, made by the server itself; approved and issued. */
async function publish(n: number): Promise<void> {
  const office = await Client.login(server.url, 'office')
  const path = `/campaigns/${campaign}/circulars`
  const to = date(7 * n + FRIDAY)
  const made = await office.send('PUT', `${path}/${newId()}`, { series: 'weekly', to }) // or the server was quicker
  expect([200, 409]).toContain(made.status)
  const { items } = await office.ok<{ items: (Head & { period: { to: string } })[] }>('GET', path)
  const draft = items.find((c) => c.period.to === to)
  const leader = await Client.login(server.url, 'leader')
  await leader.ok('POST', `/circulars/${draft?.id}/approve`, { digest: draft?.digest })
  await office.ok('POST', `/circulars/${draft?.id}/issue`, { digest: draft?.digest })
}

/** Looks at a screen as look.spec does. */
async function look(d: Desk, name: string): Promise<void> {
  await settle(d.page)
  await shoot(d.page, name)
  expect(await faults(d.page)).toEqual([])
  expect(d.complaints.list).toEqual([])
}

step('two weeks pass', async () => {
  for (const n of [0, 1]) {
    await week(n)
    await publish(n)
  }
})

step('on the third Friday the cut-off passes and the circular is computed', async () => {
  await week(2)
  const desk = await Desk.login(browser, server.url, 'office')
  await expect
    .poll(
      async () => {
        await desk.page.goto(`${server.url}/c/${campaign}/circulars`)
        await desk.at('circular-row').first().waitFor()
        return desk.at('circular-row').count()
      },
      { timeout: 20_000, interval: 500 },
    )
    .toBe(3)
  await shows(desk.at('circular-row'), '待审定')
  await look(desk, 'circulars-desk')
  await desk.close()
})

step('the leader looks on a phone why a village is last, and approves', async () => {
  const phone = await Desk.login(browser, server.url, 'leader', undefined, PHONE)
  await shows(phone.at('overview-circular'), '待审定 1 期')
  await shows(phone.at('overview-village'), PLACES[3]?.name ?? '')
  await look(phone, 'overview-phone')
  await phone.go('circulars')
  await look(phone, 'circulars-phone')
  await phone.row('circular-row').first().getByRole('link').click()
  await is(phone.at('circular-state'), 'data-state', 'computed')
  const slow = phone.row('circular-village', PLACES[3]?.name)
  await hook(slow, 'circular-why-open').click()
  await shows(phone.at('circular-why'), '0/1，在 3 个有任务的村中列第 3')
  await shows(phone.at('circular-why'), '到本期已连续 3 期末位')
  await look(phone, 'circular-phone')
  await phone.at('circular-approve').click()
  await is(phone.at('circular-state'), 'data-state', 'approved')
  await count(phone.at('circular-issue'), 0)
  await phone.close()
})

step('the office issues it: the third time last costs three points', async () => {
  const desk = await Desk.login(browser, server.url, 'office')
  await desk.go('circulars')
  await desk.row('circular-row').first().getByRole('link').click()
  await desk.at('circular-issue').click()
  await is(desk.at('circular-state'), 'data-state', 'issued')
  await shows(desk.at('page-title'), '第 3 期')
  const due = hook(desk.row('circular-village', PLACES[3]?.name), 'circular-consequence')
  await shows(due, '诫勉谈话，年度考核扣 3 分')
  await is(due, 'data-points', '3')
  await shows(due, '已从考核扣分')
  await hook(desk.row('circular-village', PLACES[3]?.name), 'circular-why-open').click()
  await look(desk, 'circular-desk')
  await desk.page.emulateMedia({ media: 'print' })
  await desk.page.setViewportSize({ width: 794, height: 1123 })
  await shoot(desk.page, 'circular-print')
  await desk.close()
})

step('the three points are off the score of the village, with the reason', async () => {
  const desk = await Desk.login(browser, server.url, 'office')
  await desk.go('scores')
  await desk.at('score-open').click()
  await desk.at('score-start').click()
  await desk.at('score-row').first().waitFor()
  const round = new URL(desk.page.url()).pathname.split('/').pop() ?? ''
  const office = await Client.login(server.url, 'office')
  for (const { code } of PLACES.slice(1))
    await office.ok('PUT', `/scores/${round}/units/${code}/entry`, {
      kind: 'points',
      key: 'work',
      value: '100',
      evidence: [{ kind: 'paper', id: '7', note: '年度小结' }],
    })
  await desk.page.reload()
  await hook(desk.row('score-row', PLACES[3]?.name), 'score-pick').click()
  await shows(desk.at('fact-score'), '97.00')
  await shows(desk.at('score-adjustment'), '第 3 期：连续 3 期末位，诫勉谈话，年度考核扣 3 分')
  await look(desk, 'score-desk')
  await desk.at('score-what-if').click()
  await desk.at('if-add').click()
  await desk.at('if-value').fill('50')
  await desk.at('if-compute').click()
  await shows(desk.row('if-row', PLACES[1]?.name), '降 2 位')
  await shows(desk.row('if-row', PLACES[3]?.name), '97.00')
  await look(desk, 'score-what-if-desk')
  await desk.page.goBack()
  await hook(desk.row('score-row', PLACES[1]?.name), 'score-pick').click()
  await shows(desk.at('fact-score'), '100.00') // nothing was written
  await desk.close()
})

step('the village reads it, and the daily return', async () => {
  const village = await Desk.login(browser, server.url, 'v203')
  await village.go('circulars')
  await count(village.at('circular-row'), 3)
  await village.row('circular-row').first().getByRole('link').click()
  await shows(village.at('page-title'), '第 3 期')
  await count(village.at('circular-act'), 0)
  await village.at('back-to-circulars').click()
  await village.at('circular-daily').click()
  await is(village.at('daily-state'), 'data-over', 'false')
  await count(village.at('daily-row'), 1)
  await look(village, 'daily-desk')
  await village.close()
})
