// What a phone does not lose, whoever made the mistake: a version that comes while a form is open, a question asked by mistake or of a household that
// has gone to others, a phone that two people share, and one that is ordered to clear itself while it is locked.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { Client } from './harness/api'
import { launch } from './harness/browser'
import { Desk } from './harness/desk'
import { faults, shoot } from './harness/look'
import { HOUSEHOLDS } from './harness/people'
import { Phone } from './harness/phone'
import { fillQuickly } from './harness/questionnaire'
import { count, hook, is, shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { story } from './harness/story'
import { begin, PINS } from './harness/township'

let server: Server
let browser: Browser
let campaign: string
let phone: Phone

const step = story(() => ({ browser, server }))
const code = (n: number): string => HOUSEHOLDS[n]?.code ?? ''

/** Another version of questionnaire A, with question 18 in other words. */
async function publish(version: string): Promise<void> {
  const old = await readFile(join(import.meta.dirname, '../../playbooks/huitoukan/forms/registered.md'), 'utf8')
  const text = old
    .replace('| 2020040303 |', `| ${version} |`)
    .replace('18. 建档立卡以来有无新型经营主体带动', '18. 有没有新型经营主体带动')
  const form = { name: '问卷A.md', source: Buffer.from(text).toString('base64') }
  const office = await Client.login(server.url, 'office')
  const at = `/campaigns/${campaign}/forms/registered`
  const { base } = await office.ok<{ base: string }>('POST', `${at}/check`, form)
  await office.ok('POST', `${at}/versions`, { ...form, base, reason: '改一句话' })
}

beforeAll(async () => {
  server = await serve()
  campaign = await begin(server.url)
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

step('another version comes while a form is open and empty; what is answered then can be gone on with', async () => {
  phone = await Phone.take(browser, server.url)
  await phone.login('diaocha1')
  await phone.enterPin(PINS.diaocha1)
  await count(phone.at('household'), 5)
  await phone.installed()
  await phone.openHousehold(code(0))
  await phone.at('open-form').tap()
  await phone.onPage('g_household')
  await publish('2020040304')
  const pulled = phone.page.waitForResponse((r) => r.url().includes('/sync/sent'))
  await phone.online(true)
  await pulled
  await phone.next()
  await phone.onPage('g_mode')
  await phone.answer('mode', '1')
  await phone.saved()
  await phone.online(false)
  await phone.dieAndReopen()
  // It opens where it was, in the new version; other words at a question that was not answered need no word about it.
  await phone.onPage('g_mode')
  expect(await phone.question('mode').locator('input[value="1"]').isChecked()).toBe(true)
  await phone.at('leave').tap()
  await is(phone.at('household-page'), 'data-state', 'draft')
  await phone.at('back').tap()
})

step(
  'a question asked by mistake is taken back without a network, and the form goes out; the leader sees it',
  async () => {
    await phone.openHousehold(code(1))
    await phone.at('open-form').tap()
    await phone.onPage('g_household')
    const size = phone.question('size')
    await hook(size, 'query-open').tap()
    await hook(size, 'query-text').fill('户口本上的人都算吗')
    await hook(size, 'query-send').tap()
    await is(hook(size, 'query'), 'data-state', 'open')
    await hook(size, 'query-withdraw').tap()
    await shoot(phone.page, 'phone-withdraw')
    expect(await faults(phone.page)).toEqual([])
    await hook(size, 'query-withdraw-why').fill('看了说明，已经清楚')
    await hook(size, 'query-withdraw-yes').tap()
    await is(hook(size, 'query'), 'data-state', 'closed')
    await shows(hook(size, 'query'), '已撤回请示')
    await shoot(phone.page, 'phone-withdrawn')
    await fillQuickly(phone, PINS.diaocha2)
    await phone.at('finish').tap()
    await is(phone.at('household-page'), 'data-state', 'queued')
    await phone.online(true)
    await phone.receiptOf(1)
    await phone.at('back').tap()
    const leader = await Desk.login(browser, server.url, 'fuhe')
    await leader.page.goto(`${server.url}/c/${campaign}/queries`)
    await leader.at('query-tab-closed').click()
    await shows(leader.at('query-state'), '已撤回')
    await shows(leader.at('query'), '看了说明，已经清楚')
    await shoot(leader.page, 'desk-withdrawn')
    await leader.context.close()
  },
)

step('a query that is refused holds nothing up: it is told with its reason, and kept beside the receipts', async () => {
  await phone.online(false)
  await phone.openHousehold(code(2))
  await phone.at('open-form').tap()
  await phone.onPage('g_household')
  const size = phone.question('size')
  await hook(size, 'query-open').tap()
  await hook(size, 'query-text').fill('住在一起的亲戚算不算')
  await hook(size, 'query-send').tap()
  await is(hook(size, 'query'), 'data-state', 'open')
  await phone.at('leave').tap()
  await phone.at('back').tap()
  await shows(phone.at('status-line'), '待发 1')
  // The partner gives the household back from another phone: it is not this team's any more.
  const partner = await Client.login(server.url, 'diaocha2')
  const { assignments } = await partner.ok<{ assignments: { id: string; household: { code: string } }[] }>(
    'GET',
    '/field/package',
  )
  const gone = assignments.find((a) => a.household.code === code(2))
  await partner.ok('POST', `/field/assignments/${gone?.id}/give-back`, { reason: '是组员的亲戚' })
  await phone.online(true)
  await shows(phone.at('refused'), '不在本组的任务里')
  await shows(phone.at('refused'), '住在一起的亲戚算不算')
  await shows(phone.at('status-line'), '待发 0')
  await shoot(phone.page, 'phone-refused')
  expect(await faults(phone.page)).toEqual([])
  await phone.at('refused-read').tap()
  await count(phone.at('refused'), 0)
  await phone.at('to-receipts').tap()
  await shows(phone.at('refused-row'), '住在一起的亲戚算不算')
  await shoot(phone.page, 'phone-refused-list')
  await phone.at('back').tap()
})

step('two people share a phone: without a network each opens what is theirs', async () => {
  await phone.at('to-me').tap()
  await phone.at('logout').tap()
  await phone.at('logout-yes').tap()
  await phone.login('diaocha2')
  await phone.at('pin-enter').fill(PINS.diaocha2)
  await phone.at('pin-submit').tap()
  await phone.at('status').waitFor()
  await phone.online(false)
  await phone.at('to-me').tap()
  await phone.at('lock-now').tap()
  await phone.at('lock-switch').tap()
  await shoot(phone.page, 'phone-switch')
  expect(await faults(phone.page)).toEqual([])
  await phone.page.locator('[data-test="account"][data-account="diaocha1"]').tap()
  await phone.unlock(PINS.diaocha2)
  await shows(phone.at('lock-error'), 'PIN 不对')
  await phone.unlock(PINS.diaocha1)
  await phone.stateIs(code(0), 'draft')
  await phone.openHousehold(code(0))
  await phone.at('open-form').tap()
  await phone.onPage('g_mode')
  expect(await phone.question('mode').locator('input[value="1"]').isChecked()).toBe(true)
  await phone.answer('respondent', '1')
  await phone.saved()
  await phone.at('leave').tap()
  await phone.at('back').tap()
})

step('with a network it says whose login is missing, and the work goes on', async () => {
  await phone.online(true)
  await shows(phone.at('status-trouble'), '需要登录才能发送')
  await shoot(phone.page, 'phone-other-login')
  await phone.openHousehold(code(0))
  await phone.at('open-form').tap()
  await phone.onPage('g_mode')
  await phone.at('leave').tap()
  await phone.at('back').tap()
  await phone.at('relogin').tap()
  await phone.login('diaocha1')
  await shows(phone.at('status-line'), '待发 0')
  await count(phone.at('status-trouble'), 0)
})

step('after logging out without a network the PIN still opens the phone', async () => {
  await phone.online(false)
  await phone.at('to-me').tap()
  await phone.at('logout').tap()
  await phone.at('logout-yes').tap()
  await phone.at('accounts').waitFor()
  await shoot(phone.page, 'phone-login-accounts')
  expect(await faults(phone.page)).toEqual([])
  await phone.page.locator('[data-test="account"][data-account="diaocha1"]').tap()
  await phone.unlock(PINS.diaocha1)
  await phone.stateIs(code(0), 'draft')
})

step(
  'a locked phone hears the order to wipe: it leaves its draft with the office and clears itself, without a PIN',
  async () => {
    await phone.online(true)
    await shows(phone.at('status-line'), '最近同步')
    await phone.at('to-me').tap()
    await phone.at('lock-now').tap()
    await phone.at('lock').waitFor()
    const office = await Client.login(server.url, 'office')
    const { items } = await office.ok<{ items: { id: string }[] }>('GET', '/accounts?q=diaocha1')
    const at = `/accounts/${items[0]?.id}/devices`
    const devices = await office.ok<{ items: { id: string }[] }>('GET', at)
    await office.ok('PUT', `/devices/${devices.items[0]?.id}/order`, { replaced: false, wipe: true })
    await phone.online(true)
    await phone.at('cleared').waitFor()
    await shoot(phone.page, 'phone-cleared')
    const packages = await office.ok<{ items: { account: string; drafts: number; forms: number }[] }>(
      'GET',
      '/packages',
    )
    // The first household's, and what was typed at the one that has gone.
    expect(packages.items).toMatchObject([{ drafts: 2, forms: 0 }])
    // What the other one has here is theirs, and stays.
    await count(phone.at('account'), 1)
    await is(phone.at('account'), 'data-account', 'diaocha2')
    await expect
      .poll(async () => (await office.ok<{ items: { wiped_at: string }[] }>('GET', at)).items[0]?.wiped_at ?? '')
      .toMatch(/^\d{4}-/)
  },
)
