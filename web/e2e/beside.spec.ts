// What is typed beside the answers: a reason, a correction, a question upward, a reply to a reviewer, why a household is given back. The tab is
// killed in the middle of each, and the words are there again.
import { newId } from '@ruhu/api'
import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { Client } from './harness/api'
import { launch, PHONE } from './harness/browser'
import { Desk } from './harness/desk'
import { faults, settle, shoot } from './harness/look'
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
const [one, two, five] = [0, 1, 4].map((n) => HOUSEHOLDS[n]?.code ?? '') as [string, string, string]
/** Longer than a line, and without an end. */
const WORDS = '经与户主、村会计当面核对，去年十月起在外务工的长子已经回来同住，户口簿上还没有改，因此'

const typed = (name: string, at: string) => hook(phone.question(name), at).inputValue()

async function jumpTo(group: string): Promise<void> {
  await phone.at('contents').tap()
  await phone.page.locator(`[data-test="index-row"][data-page$="/${group}"]`).tap()
  await phone.onPage(group)
}

beforeAll(async () => {
  server = await serve()
  campaign = await begin(server.url)
  browser = await launch()
  phone = await Phone.atWork(browser, server.url, { ...PHONE, viewport: { width: 360, height: 740 } })
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

step('why a household is given back', async () => {
  await phone.openHousehold(five)
  await phone.at('give-back').tap()
  await phone.at('give-back-why').selectOption('other')
  await phone.at('give-back-text').fill(WORDS)
  await phone.page.waitForTimeout(1000)
  await phone.dieAndReopen()
  await phone.openHousehold(five)
  await expect.poll(() => phone.at('give-back-text').inputValue()).toBe(WORDS)
  expect(await phone.at('give-back-why').inputValue()).toBe('other')
  await phone.at('give-back-cancel').tap()
  await phone.at('give-back').waitFor()
  await phone.page.reload()
  await phone.unlock()
  await phone.at('give-back').waitFor()
  await phone.at('back').tap()
})

step('a correction, and a question upward', async () => {
  await phone.openHousehold(one)
  await phone.at('open-form').tap()
  await phone.onPage('g_household')
  await phone.answer('size', '5')
  await hook(phone.question('size'), 'answer').blur()
  await hook(phone.question('size'), 'query-open').tap()
  await hook(phone.question('size'), 'query-text').fill(WORDS)
  await hook(phone.question('size'), 'transcribed-reason').fill(WORDS)
  await phone.saved()
  await phone.dieAndReopen()
  await phone.onPage('g_household')
  expect([await typed('size', 'transcribed-reason'), await typed('size', 'query-text')]).toEqual([WORDS, WORDS])
  await is(hook(phone.question('size'), 'transcribed'), 'data-checked', 'false')
  await hook(phone.question('size'), 'query-text').scrollIntoViewIfNeeded()
  await shoot(phone.page, 'field-beside')
})

step('the reason of a warning', async () => {
  await jumpTo('g_q11')
  await phone.answer('q11', '2')
  await hook(phone.question('q11'), 'reason').fill(WORDS)
  await phone.saved()
  await phone.dieAndReopen()
  await phone.onPage('g_q11')
  expect(await typed('q11', 'reason')).toBe(WORDS)
  await is(hook(phone.question('q11'), 'warning'), 'data-confirmed', 'false')
  // Who turns the page without the button has given the reason all the same.
  await hook(phone.question('q11'), 'reason').fill(`${WORDS}未享受`)
  await phone.next()
  await phone.onPage('g_q12')
  await jumpTo('g_q11')
  await is(hook(phone.question('q11'), 'warning'), 'data-confirmed', 'true')
  expect(await hook(phone.question('q11'), 'reason').count()).toBe(0)
  await phone.at('contents').tap()
  await phone.at('index-finish').tap()
  await phone.at('finish-typed').scrollIntoViewIfNeeded()
  await shoot(phone.page, 'field-beside-finish')
  await phone.at('leave').tap()
  await phone.at('back').tap()
})

step('the reply to a reviewer', async () => {
  await phone.openHousehold(two)
  await phone.at('open-form').tap()
  await fillQuickly(phone, PINS.diaocha2)
  await phone.at('finish').tap()
  await phone.receiptOf(1)
  await phone.at('back').tap()
  const supervisor = await Client.login(server.url, 'fuhe')
  type Rows = { items: { id: string; household: { code: string } | null; state: string }[] }
  const list = () => supervisor.ok<Rows>('GET', `/campaigns/${campaign}/submissions?limit=100`)
  await expect.poll(async () => (await list()).items.filter((r) => r.state === 'review').length).toBe(1)
  const row = (await list()).items.find((r) => r.household?.code === two)
  const ref = /"(\/[^"]*\/q20)"/.exec(JSON.stringify(await supervisor.ok('GET', `/submissions/${row?.id}`)))?.[1] ?? ''
  await supervisor.ok('POST', `/submissions/${row?.id}/decisions`, {
    id: newId(),
    action: 'return',
    revision: 1,
    note: '第 20 题请再问一次',
    comments: [{ id: newId(), ref, text: '是否问了本人' }],
  })
  await phone.at('sync').tap()
  await phone.stateIs(two, 'returned')
  await phone.openHousehold(two)
  await phone.at('open-form').tap()
  await phone.at('comment-next').tap()
  await phone.onPage('g_q20')
  await hook(phone.question('q20'), 'reply-open').tap()
  await hook(phone.question('q20'), 'reply-text').fill(WORDS)
  await phone.saved()
  await phone.dieAndReopen()
  await phone.onPage('g_q20')
  expect(await typed('q20', 'reply-text')).toBe(WORDS)
})

step('the phone is given up before any of it was sent: the office has it from the package', async () => {
  await phone.online(false)
  await hook(phone.question('q20'), 'query-open').tap()
  await hook(phone.question('q20'), 'query-text').fill('儿媳代答算不算本人？')
  await hook(phone.question('q20'), 'query-send').tap()
  await phone.at('leave').tap()
  await phone.at('back').tap()
  await phone.openHousehold(five)
  await phone.at('give-back').tap()
  await phone.at('give-back-why').selectOption('other')
  await phone.at('give-back-text').fill('全家在外务工')
  await phone.at('give-back-send').tap()
  await phone.at('given-back').waitFor()
  await phone.at('back').tap()
  await phone.at('to-me').tap()
  await phone.at('to-training').tap()
  await phone.at('quiz-start').tap()
  await phone.answerQuiz(10)
  await phone.at('quiz-result').waitFor()
  await phone.at('quiz-done').tap()
  await phone.at('back').tap()
  await phone.at('to-package').tap()
  const [download] = await Promise.all([phone.page.waitForEvent('download'), phone.at('export-office').tap()])
  const file = await download.path()

  const office = await Desk.login(browser, server.url, 'office')
  await office.go('accounts')
  await office.at('packages-open').click()
  const bring = { name: 'a.ruhu', mimeType: 'application/octet-stream', buffer: await readFile(file) }
  await office.at('package-file').setInputFiles(bring)
  const said = office.at('package-said').locator('li')
  await count(said, 3)
  for (const kind of ['give_back', 'query', 'attempt'])
    await is(office.at('package-said').locator(`[data-kind="${kind}"]`), 'data-taken', 'true')
  await shows(said.nth(0), HOUSEHOLDS[4]?.members[0]?.name ?? '?')
  await shows(said.nth(1), '儿媳代答算不算本人？')
  await settle(office.page)
  await shoot(office.page, 'package-said')
  expect([...(await faults(office.page)), ...office.complaints.list]).toEqual([])
  const client = await Client.login(server.url, 'office')
  type Asked = { items: { turns: { text: string; by_name: string }[] }[] }
  const { items } = await client.ok<Asked>('GET', `/campaigns/${campaign}/queries`)
  expect(items.map((q) => q.turns.map((x) => x.text))).toEqual([['儿媳代答算不算本人？']])

  // Twice is once; what is not the team's any more cannot be given back again.
  await office.at('package-file').setInputFiles(bring)
  await is(office.at('package-said').locator('[data-kind="give_back"]'), 'data-taken', 'false')
  await count(office.at('package-said').locator('[data-taken="true"]'), 2)
  expect((await client.ok<Asked>('GET', `/campaigns/${campaign}/queries`)).items[0]?.turns).toHaveLength(1)

  // The phone was not broken after all.
  await phone.at('back').tap()
  await phone.online(true)
  await phone.at('back').tap()
  await phone.at('sync').tap()
  await shows(phone.at('status-line'), '待发 0')
  await expect.poll(() => phone.household(five).count()).toBe(0)
  expect((await client.ok<Asked>('GET', `/campaigns/${campaign}/queries`)).items[0]?.turns).toHaveLength(1)
  // It was told once more, and heard that the household is not its team's.
  expect(phone.complaints.list.filter((c) => !c.includes('Failed to load resource'))).toEqual([])
})
