// One survey from the plan to the closed problem, through the screens alone. The API is used only to make the accounts and places that a
// county has before a survey begins.
import { newId } from '@ruhu/api'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { Client, makeAccount } from './harness/api'
import { DESK, launch, PHONE } from './harness/browser'
import { Desk } from './harness/desk'
import { COUNTY, day, HOUSEHOLDS, TOWN } from './harness/people'
import { Phone } from './harness/phone'
import { keep } from './harness/look'
import { png, sideways } from './harness/picture'
import { fillPlainly } from './harness/questionnaire'
import { count, focusOrder, hook, is, shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { story } from './harness/story'
import { NAMES, populate } from './harness/township'
import { rosterFile, rosterRows, SHEET, xlsx } from './harness/workbook'

let server: Server
let browser: Browser
let office: Desk
let supervisor: Desk
let first: Phone
let second: Phone
/** The office's second tab, open on the progress page from the first form to the last. */
let progress: Desk

const step = story(() => ({ browser, server }))
const [one, two] = HOUSEHOLDS
if (!one || !two) throw new Error('no households')
const PIN = { first: '135790', second: '246802' }
const UNINSURED = '未参保且无正当理由'

beforeAll(async () => {
  server = await serve()
  await populate(server.url)
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** The figures of the progress page, as they stand on the screen. */
async function figures(d: Desk): Promise<Record<string, number>> {
  const out: Record<string, number> = {}
  for (const key of [
    'assigned',
    'submitted',
    'returned',
    'accepted',
    'problems_open',
    'problems_closed',
    'problems_overdue',
  ])
    out[key] = Number(await d.at(`figure-${key}`).innerText())
  return out
}

describe('the office prepares the survey', () => {
  step('makes a campaign from the playbook', async () => {
    office = await Desk.login(browser, server.url, 'office')
    await shows(office.at('region'), '桂溪镇')
    await office.go('campaigns')
    await office.at('campaign-new').click()
    await shows(office.at('page-title'), '新')
    // The visits of the playbook begin 43 days after its first day: they begin today.
    await office.at('campaign-starts').fill(day(-43))
    await expect.poll(() => office.at('campaign-title').inputValue()).toContain('桂溪镇')
    await office.at('campaign-create').click()
    await is(office.at('stage-preparation'), 'data-state', 'next')
    await office.at('stage-start-preparation').click()
    await is(office.at('stage-preparation'), 'data-state', 'now')
    await is(office.at('stage-visits'), 'data-state', 'next')
  })

  step('cannot start the visits before anything is prepared', async () => {
    await office.at('stage-start-visits').click()
    await shows(office.at('gate-missing'), '底册')
    await is(office.at('stage-visits'), 'data-state', 'next')
  })

  step('is told sheet, row and column of every mistake in a roster, and nothing is written', async () => {
    const rows = rosterRows(HOUSEHOLDS)
    const wrong = rows.map((r) => [...r])
    if (wrong[3]) wrong[3][12] = '99010119730802102X' // 曾秀兰: a wrong check digit
    if (wrong[5]) wrong[5][3] = '990101101999' // 田福成's household: no such village
    await office.go('roster')
    await office.at('roster-import').click()
    await office
      .at('roster-file')
      .setInputFiles({ name: '底册.xlsx', mimeType: '', buffer: Buffer.from(xlsx({ [SHEET]: wrong })) })
    await is(office.at('roster-verdict'), 'data-verdict', 'errors')
    await shows(office.row('report-row', 'M4'), SHEET)
    await shows(office.row('report-row', 'M4'), '证件号码')
    await shows(office.row('report-row', '6'), /D6|C6/)
    expect(await office.at('roster-confirm').count()).toBe(0)
    await office.go('roster')
    await office.at('empty').waitFor()
    await count(office.row('household-row'), 0)
  })

  step('imports the corrected roster', async () => {
    await office.at('roster-import').click()
    await office
      .at('roster-file')
      .setInputFiles({ name: '底册.xlsx', mimeType: '', buffer: Buffer.from(rosterFile(HOUSEHOLDS)) })
    await is(office.at('roster-verdict'), 'data-verdict', 'clean')
    await shows(office.at('fact-households_new'), '5')
    await shows(office.at('fact-members_new'), '9')
    await office.at('roster-confirm').click()
    await is(office.at('roster-verdict'), 'data-verdict', 'done')
    await office.at('roster-open').click()
    await count(office.row('household-row'), 5)
  })

  step('finds one household and its members', async () => {
    await office.at('filter-q').fill('欧阳')
    await count(office.row('household-row'), 1)
    await office.row('household-row', one.code).getByRole('link').click()
    await count(office.row('member-row'), 3)
    await shows(office.row('member-row', '曾秀兰'), '配偶')
  })

  step('forms a team of one county and one township person', async () => {
    await office.go('teams')
    await office.at('team-form').click()
    await count(office.row('team-row'), 1)
    await shows(office.row('team-row'), NAMES.first)
    await shows(office.row('team-row'), NAMES.second)
    await shows(office.row('team-row'), '竹山村')
  })

  step('plans the visits', async () => {
    await office.go('plan')
    await expect.poll(() => office.at('plan-from').inputValue()).toBe(day(0))
    await office.at('plan-try').click()
    await is(office.at('plan-verdict'), 'data-feasible', 'true')
    await office.at('plan-apply').click()
    await office.at('plan-verdict').waitFor({ state: 'detached' })
    await shows(office.at('plan-table'), '清溪村')
    await office.go('assignments')
    await count(office.row('assignment-row'), 5)
  })

  step('starts the visits', async () => {
    await office.go('campaign')
    await office.at('stage-start-visits').click()
    await is(office.at('stage-visits'), 'data-state', 'now')
    await is(office.at('stage-preparation'), 'data-state', 'done')
  })

  step('keeps the progress page open', async () => {
    progress = await Desk.login(browser, server.url, 'office')
    await progress.go('progress')
    await expect
      .poll(() => figures(progress))
      .toMatchObject({ assigned: 5, submitted: 0, accepted: 0, problems_open: 0 })
    await is(progress.at('progress-live'), 'data-live', 'true')
    await progress.page.evaluate(() => Object.assign(window, { notReloaded: true }))
  })
})

describe('two enumerators at the doorstep', () => {
  step('both log in on their phones and set a PIN', async () => {
    second = await Phone.take(browser, server.url, { ...PHONE, viewport: { width: 412, height: 915 } })
    await second.login('diaocha2')
    await second.setPin(PIN.second)
    await count(second.at('household'), 5)

    first = await Phone.take(browser, server.url, {
      ...PHONE,
      geolocation: { latitude: 28.50123456, longitude: 112.10123456, accuracy: 12 },
      permissions: ['geolocation'],
    })
    await first.login('diaocha1')
    await first.setPin(PIN.first)
    await count(first.at('household'), 5)
    await first.installed()
  })

  step('the first goes out of reach and opens a household', async () => {
    await first.online(false)
    await shows(first.at('status-trouble'), '没有网络')
    await first.openHousehold(one.code)
    await first.at('open-form').tap()
    await first.onPage('g_household')
    // What the roster knows need not be asked.
    await shows(first.page.locator('[data-test="fact"][data-name="head_name"]'), '欧阳建国')
    await first.next()
    await first.fill('g_mode', { mode: '1', respondent: '1' })
    await first.fill('g_q1', { q1_1: '30000', q1_1b: '5000', q1_2: '0', q1_3: '1000', q1: '36000', q1_4: '600' })
    await first.fill('g_q2', { q2: '1' })
    await first.fill('g_q3', { q3: '1' })
    await first.onPage('g_q4')
    await first.answer('q4', '1')
    await first.answer('q4_1', '1')
    await first.saved()
  })

  step('the phone kills the app in mid-form; nothing is lost and the same page opens, without a network', async () => {
    await first.dieAndReopen()
    await first.onPage('g_q4')
    await is(first.question('q4_1').locator('[data-value="1"] input'), 'type', 'radio')
    expect(await first.question('q4').locator('input[value="1"]').isChecked()).toBe(true)
    expect(await first.question('q4_1').locator('input[value="1"]').isChecked()).toBe(true)
    await first.at('previous').tap()
    await first.at('previous').tap()
    await first.at('previous').tap()
    await first.onPage('g_q1')
    expect(await hook(first.question('q1'), 'answer').inputValue()).toBe('36000')
    await shows(first.page.locator('[data-test="fact"][data-name="q1b"]'), '11800')
    for (const page of ['g_q2', 'g_q3', 'g_q4']) {
      await first.next()
      await first.onPage(page)
    }
    await first.next()
  })

  step('an answer against item 4 is refused at item 10', async () => {
    await first.fill('g_q5', { q5: '2', q5_1: '4' })
    await first.fill('g_q6', { q6: '1' })
    await first.fill('g_q7', { q7: '2' })
    await first.fill('g_q8', { q8: '3' })
    await first.fill('g_q9', { q9: '1' })
    await first.onPage('g_q10')
    await first.answer('q10', '2')
    await shows(hook(first.question('q10'), 'error'), '第4题填写有在校生')
    await first.next() // points the mistake out
    await first.at('open-here').waitFor()
    await first.onPage('g_q10')
    await first.next() // and may be left for later
  })

  step('the warning of item 11 asks for a reason', async () => {
    await first.onPage('g_q11')
    await first.answer('q11', '2')
    await shows(hook(first.question('q11'), 'warning'), '请核实并说明原因')
    expect(await hook(first.question('q11'), 'confirm-warning').isDisabled()).toBe(true)
    await hook(first.question('q11'), 'reason').fill('全家近两年没有就医，未享受')
    await hook(first.question('q11'), 'confirm-warning').tap()
    await is(hook(first.question('q11'), 'warning'), 'data-confirmed', 'true')
    await first.next()
    await first.fill('g_q12', { q12: '2', q12_2: '2' })
    await first.fill('g_q13', { q13: '2' })
    await first.fill('g_q14', { q14: '2', q14_2: '2', q14_3: '1', q14_4: '2' })
    await first.fill('g_q15', { q15: '2' })
    await first.fill('g_q16', { q16: '2' })
    await first.fill('g_q17', { q17: '1' })
    await first.fill('g_q18', { q18: '2' })
    await first.fill('g_q19', { q19: '1', q19_1: ['1', '2'] })
    await first.fill('g_q20', { q20: '1' })
  })

  step('the household signs, a photo is taken, both enumerators confirm', async () => {
    await first.onPage('g_sign')
    expect(await focusOrder(first.page)).toEqual([])
    await first.sign()
    await first.at('position-take').tap()
    await shows(first.at('position-got'), '12')
    await shows(first.at('position-far'), '约 680 米')
    await first.at('position-why').fill('在村委会作答')
    await first.photograph(await sideways(first.page, 1200, 900))
    await first.confirmOwn()
    await hook(first.question('enumerator_2'), 'enumerator-pin').fill('999999')
    await hook(first.question('enumerator_2'), 'enumerator-partner').tap()
    await shows(hook(first.question('enumerator_2'), 'enumerator-error'), 'PIN 不对')
    await hook(first.question('enumerator_2'), 'enumerator-pin').fill(PIN.second)
    await hook(first.question('enumerator_2'), 'enumerator-partner').tap()
    await shows(hook(first.question('enumerator_2'), 'enumerator-confirmed'), NAMES.second)
    await first.sign('enumerator_1_signature', 0.2)
    await first.next()
  })

  step('the form cannot be finished until item 10 is corrected', async () => {
    await count(first.at('finish-error'), 1)
    await shows(first.at('finish-error'), '第4题填写有在校生')
    expect(await first.at('finish').count()).toBe(0)
    await first.at('finish-error').tap()
    await first.onPage('g_q10')
    await first.answer('q10', '1')
    await first.at('confirm-again').waitFor()
  })

  step('what was changed is confirmed anew; the form is finished without a network and waits', async () => {
    await first.at('contents').tap()
    await first.at('index-finish').tap()
    await count(first.at('finish-error'), 2)
    await first.at('finish-error').first().tap()
    await first.onPage('g_sign')
    await first.confirmBoth(PIN.second)
    // What was written by hand went with the confirmation.
    for (const who of ['enumerator_1_signature', 'enumerator_2_signature'])
      await hook(first.question(who), 'signature-begin').waitFor()
    await first.sign('enumerator_1_signature', 0.2)
    await first.sign('enumerator_2_signature', 0.4)
    await first.next()
    await first.at('finish-ok').waitFor()
    await first.at('finish').tap()
    await first.at('queued').waitFor()
    await is(first.at('household-page'), 'data-state', 'queued')
    await first.at('back').tap()
    await first.stateIs(one.code, 'queued')
    await shows(first.at('status-line'), '待发 1')
    expect(await figures(progress)).toMatchObject({ submitted: 0 })
  })

  step('back in reach it is sent, and the receipt is shown', async () => {
    await first.online(true)
    await first.stateIs(one.code, 'received')
    await shows(first.at('status-line'), '待发 0')
    await first.openHousehold(one.code)
    await first.receiptOf(1)
    await first.at('back').tap()
    await first.at('to-receipts').tap()
    await shows(first.at('receipt-count'), '已收到 1 份')
    await first.at('back').tap()
  })

  step('the second enumerator fills another household with a network', async () => {
    await second.at('sync').tap()
    await second.openHousehold(two.code)
    await second.at('open-form').tap()
    await fillPlainly(second, PIN.first)
    await second.at('finish').tap()
    await second.receiptOf(1)
  })
})

describe('the form is reviewed', () => {
  step('the progress page has both forms and the problems, without being loaded again', async () => {
    await expect
      .poll(() => figures(progress))
      .toMatchObject({ assigned: 5, submitted: 2, returned: 0, accepted: 0, problems_open: 2, problems_closed: 0 })
    expect(await progress.page.evaluate(() => 'notReloaded' in window)).toBe(true)
  })

  step('the supervisor sees the queue and returns the form with a comment at a question', async () => {
    supervisor = await Desk.login(browser, server.url, 'fuhe')
    await supervisor.go('submissions')
    await count(supervisor.row('submission-row'), 2)
    await supervisor.openForm('欧阳建国')
    await supervisor.formIs('review')
    const q11 = supervisor.page.locator('[data-test="answer"][data-ref$="/q11"]')
    await shows(q11, '全家近两年没有就医，未享受')
    await shows(supervisor.page.locator('main'), '在村委会作答')
    const wages = supervisor.page.locator('[data-test="answer"][data-ref$="/q1_1"]')
    await shows(wages, '30000')
    // The signatures and the photo have arrived.
    const images = supervisor.at('answer-image')
    await count(images, 4)
    for (const image of await images.all()) {
      await image.scrollIntoViewIfNeeded()
      await expect.poll(() => image.evaluate((i) => (i as HTMLImageElement).naturalWidth)).toBeGreaterThan(0)
    }
    // The photograph stands upright, and says when it was taken, and where by the phone's own position.
    const photo = supervisor.page.locator('[data-test="answer"]').filter({ has: supervisor.at('answer-taken') })
    await shows(hook(photo, 'answer-taken'), '（±12 米）')
    await shows(hook(photo, 'answer-taken'), `拍摄：${day(0).slice(0, 4)}`)
    const shape = await hook(photo, 'answer-image').evaluate((i) => [
      (i as HTMLImageElement).naturalWidth,
      (i as HTMLImageElement).naturalHeight,
    ])
    expect(shape).toEqual([900, 1200])
    await hook(wages, 'comment-open').click()
    await hook(wages, 'comment-text').fill('工资流水显示为 32000 元，请核对')
    await supervisor.at('decide-note').fill('收入一项需核对')
    // Only what asks for attention: the warning with its reason, and the comment being written.
    await supervisor.at('only-open').check()
    await count(supervisor.at('answer'), 2)
    await supervisor.page.evaluate(() => scrollTo(0, 0))
    await keep(supervisor.page, 'review')
    await supervisor.at('return').click()
    await supervisor.formIs('returned')
  })

  step('the phone gets it back with the comment at the question, and it is corrected and sent again', async () => {
    await expect.poll(() => figures(progress)).toMatchObject({ returned: 1 })
    await first.at('sync').tap()
    await first.stateIs(one.code, 'returned')
    await first.openHousehold(one.code)
    await shows(first.at('returned-note'), '收入一项需核对')
    await first.at('open-form').tap()
    await first.at('returned-banner').waitFor()
    await first.at('comment-next').tap()
    await first.onPage('g_q1')
    await shows(hook(first.question('q1_1'), 'comment'), '工资流水显示为 32000 元')
    await shows(hook(first.question('q1_1'), 'comment'), NAMES.supervisor)
    await first.answer('q1_1', '32000')
    await first.answer('q1', '38000')
    // What was vouched for has changed: both confirm again.
    await first.at('contents').tap()
    await first.page.locator('[data-test="index-row"][data-page$="/g_sign"]').tap()
    await first.onPage('g_sign')
    await first.confirmBoth(PIN.second)
    await first.next()
    await first.at('finish-ok').waitFor()
    await first.at('finish').tap()
    await first.receiptOf(2)
  })

  step('the supervisor sees what changed and approves', async () => {
    await supervisor.openForm('欧阳建国')
    await shows(supervisor.page.locator('[data-test="answer"][data-ref$="/q1_1"]'), '32000')
    await shows(
      supervisor.page.locator('[data-test="answer"][data-ref$="/q1_1"] [data-test="answer-previous"]'),
      '30000',
    )
    await supervisor.at('view-revisions').click()
    await shows(supervisor.row('diff-row', '工资'), '32000')
    await supervisor.at('approve').click()
    await shows(supervisor.at('submission-level'), '镇办审核')
    await supervisor.openForm('田福成')
    await supervisor.at('approve').click()
    await shows(supervisor.at('submission-level'), '镇办审核')
  })

  step(
    'the township office approves a form, and a joint review decides the other by keyboard and gives it a code',
    async () => {
      await office.openForm('欧阳建国')
      await office.at('approve').click()
      await office.formIs('accepted')
      await office.go('submissions')
      await office.at('review-tab-meetings').click()
      await office.at('meeting-call').click()
      await office.at('meeting-place').fill('镇政府会议室')
      await office.at('meeting-people').fill('甲、乙')
      await office.at('meeting-save').click()
      await shows(office.at('meeting-current'), '田福成')
      await office.page.keyboard.press('a')
      await shows(office.row('verdict-row', '田福成'), /\d{6}-\d{4}/)
      await office.at('meeting-end').click()
      await office.at('meeting-end-sure').click()
      await expect.poll(() => office.at('meeting-state').getAttribute('data-state')).toBe('closed')
    },
  )

  step('the village shows what keeps it from being accepted', async () => {
    await office.at('back-to-meetings').click()
    await office.at('review-tab-areas').click()
    await office.at('area-row').first().locator('a').click()
    await shows(office.at('area-lacks'), '没有交表')
    await office.at('lack-row').first().waitFor()
    await office.go('submissions')
  })

  step('the phone says so', async () => {
    await first.at('back').tap()
    await first.at('sync').tap()
    await first.stateIs(one.code, 'accepted')
    await first.stateIs(two.code, 'accepted')
  })
})

describe('the problem is fixed', () => {
  let village: Desk

  step('the village sees its own problem, starts it and claims it with a photo', async () => {
    village = await Desk.login(browser, server.url, 'qingxi', undefined, {
      ...DESK,
      viewport: { width: 390, height: 844 },
    })
    await village.openProblem(UNINSURED)
    await village.problemIs('registered')
    await village.at('act-cause').fill('户主外出务工，错过缴费期')
    await village.at('act-measure').fill('村干部上门协助补缴')
    await village.at('act-person').fill('董春霞')
    await village.at('act-send').click()
    await village.problemIs('fixing')
    await village.at('act-note').fill('已补缴本年度医保，附凭证')
    await village
      .at('photo-input')
      .setInputFiles({ name: 'pingzheng.png', mimeType: 'image/png', buffer: png(800, 600, [214, 226, 230]) })
    await village.at('photo').waitFor()
    await village.at('act-send').click()
    await village.problemIs('claimed')
  })

  step('another village does not see it', async () => {
    const other = await Desk.login(browser, server.url, 'shiqiao')
    await other.go('problems')
    await other.at('empty').waitFor()
    expect(await other.row('problem-row').count()).toBe(0)
    await other.page.goto(village.page.url())
    await is(other.at('error'), 'data-code', 'ledger.not_found')
    await other.close()
  })

  step('another person verifies it on the spot', async () => {
    await supervisor.openProblem(UNINSURED)
    await supervisor.problemIs('claimed')
    await supervisor.at('evidence').first().waitFor()
    await supervisor.at('act-verify').click()
    await supervisor.at('act-note').fill('已到户核实，缴费凭证属实')
    await supervisor.at('act-send').click()
    await supervisor.problemIs('verified')
  })

  step('the office closes it', async () => {
    await office.openProblem(UNINSURED)
    if (await office.at('act-close').count()) await office.at('act-close').click()
    await office.at('act-note').fill('同意销号')
    await office.at('act-send').click()
    await office.problemIs('closed')
    for (const action of ['start', 'claim', 'verify', 'close'])
      await office.page.locator(`[data-test="event"][data-action="${action}"]`).waitFor()
  })

  step('the progress page shows all of it, without having been loaded again', async () => {
    await expect
      .poll(() => figures(progress))
      .toEqual({
        assigned: 5,
        submitted: 2,
        returned: 0,
        accepted: 2,
        problems_open: 1,
        problems_closed: 1,
        problems_overdue: 0,
      })
    expect(await progress.page.evaluate(() => 'notReloaded' in window)).toBe(true)
    const clear = progress.row('progress-row', '清溪村')
    await shows(clear.locator('[data-col="assigned"]'), '3')
    await shows(clear.locator('[data-col="accepted"]'), '2')
    await shows(clear.locator('[data-col="problems_closed"]'), '1')
    await shows(progress.row('progress-row', '石桥村').locator('[data-col="submitted"]'), '0')
    await progress.at('by-teams').click()
    await count(progress.row('progress-row'), 1)
    await shows(progress.row('progress-row').locator('[data-col="submitted"]'), '2')
  })

  step('what the form raises as a suspicion stays in the township until the county has confirmed it', async () => {
    const admin = await Client.login(server.url, 'admin')
    for (const [account, role, region_code] of [
      ['zhenzhang', 'township_leader', TOWN],
      ['zhidao', 'guidance_group', COUNTY],
    ] as const)
      await makeAccount(admin, { account, name: `某${account}`, role, region_code })
    const leader = await Desk.login(browser, server.url, 'zhenzhang')
    await leader.go('determinations')
    await leader.row('determination-row', '错退').getByRole('link').first().click()
    await is(leader.at('case-state'), 'data-state', 'suspected')
    await shows(leader.at('case-ground'), '基本医疗没有保障')
    await leader.at('case-holds').check()
    await leader.at('case-note').fill('到医保所查实，全家未参保')
    await leader.at('case-send').click()
    await is(leader.at('case-state'), 'data-state', 'checked')
    const id = leader.page.url().split('/').pop() ?? ''
    const act = async (account: string, action: string) =>
      (await Client.login(server.url, account)).ok('POST', `/determinations/${id}/${action}`, {
        id: newId(),
        note: '属实',
        holds: true,
      })
    await act('zhidao', 'check')
    await act('office', 'decide')
    await village.go('problems')
    expect(await village.at('menu-determinations').count()).toBe(0)
    await count(village.row('problem-row', '错退'), 0)
    await act('admin', 'confirm')
    await village.page.reload()
    await count(village.row('problem-row', '错退'), 1)
    await leader.go('rates')
    await shows(leader.row('rate', '错退率'), '不达标')
    await leader.close()
  })

  step('a check of the province finds what nobody said, and its signers are traced', async () => {
    await office.go('trace')
    await office.at('trace-q').fill(two.code)
    await office.row('trace-household', two.code).getByRole('link').click()
    await count(office.row('trace-problem'), 0)
    await office.go('roster')
    await office.row('household-row', two.code).getByRole('link').click()
    await office.at('problem-new').click()
    await office.at('problem-source').selectOption('provincial')
    await office.at('problem-reference').fill('省查〔2020〕12 号')
    await office.at('problem-title').fill('住房墙体开裂')
    await office.at('problem-sector').fill('住建')
    await office.at('problem-note').fill('省级入户核查发现')
    await office.at('problem-save').click()
    await office.problemIs('registered')
    await office.at('trace-open').click()
    // Both enumerators, the supervisor and the office had signed that there was no problem; the household is shown and not traced.
    await shows(office.at('trace-answering'), '4')
    await count(office.row('trace-signer'), 5)
    await count(office.at('trace-answers'), 4)
    expect(await office.at('trace-said').evaluateAll((all) => all.map((e) => e.getAttribute('data-said')))).toEqual([
      'none',
      'none',
      'none',
      'none',
      'none',
    ])
    await office.page.locator('[data-test="trace-event"][data-what="problem.register"]').waitFor()
    // The other household's form was corrected: what was signed before is void, and in sight.
    await office.go('trace')
    await office.at('trace-q').fill(one.code)
    await office.row('trace-household', one.code).getByRole('link').click()
    await office.at('trace-void').first().waitFor()
    await shows(office.page.locator('[data-test="sign-step"][data-step="household"]'), '代被访户签')
  })

  step('nobody saw an error of the program on the way', async () => {
    const desks = [office, supervisor, progress, village].flatMap((d) => d.complaints.list)
    const phones = [first, second].flatMap((p) => p.complaints.list)
    // Answers, not mistakes: the gate that was closed, and that a phone in flight mode has no network.
    const expected = [/status of 409 .*\/stage/, /ERR_INTERNET_DISCONNECTED/]
    expect([...desks, ...phones].filter((c) => !expected.some((e) => e.test(c)))).toEqual([])
  })
})
