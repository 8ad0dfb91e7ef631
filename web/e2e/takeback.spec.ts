// A form is taken back while it is on its way over a slow network, and arrives all the same.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { Client } from './harness/api'
import { launch } from './harness/browser'
import { shoot } from './harness/look'
import { HOUSEHOLDS } from './harness/people'
import { Phone } from './harness/phone'
import { fillQuickly } from './harness/questionnaire'
import { is, shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { story } from './harness/story'
import { begin, PINS } from './harness/township'

let server: Server
let browser: Browser
let phone: Phone

const step = story(() => ({ browser, server }))
const one = HOUSEHOLDS[0]?.code ?? ''

async function jumpTo(group: string): Promise<void> {
  await phone.at('contents').tap()
  await phone.page.locator(`[data-test="index-row"][data-page$="/${group}"]`).tap()
  await phone.onPage(group)
}

beforeAll(async () => {
  server = await serve()
  await begin(server.url)
  browser = await launch()
  phone = await Phone.atWork(browser, server.url)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

step('nothing on the household’s page waits for the answer', async () => {
  await phone.openHousehold(one)
  await phone.at('open-form').tap()
  await fillQuickly(phone, PINS.diaocha2)
  let answer: () => void = () => undefined
  const held = new Promise<void>((done) => (answer = done))
  const asked = new Promise<void>((there) => {
    void phone.context.route('**/api/v1/field/sync/forms', async (route) => {
      const response = await route.fetch()
      there()
      await held
      await route.fulfill({ response })
    })
  })
  await phone.at('finish').tap()
  await is(phone.at('household-page'), 'data-state', 'queued')
  await asked
  expect(await phone.at('take-back').isEnabled()).toBe(true)
  await phone.at('take-back').tap()
  await phone.at('page').waitFor()
  answer()
  await phone.at('leave').tap()
  await is(phone.at('household-page'), 'data-state', 'draft')
  await shows(phone.at('late'), '第 1 版已经送到')
  await phone.receiptOf(1)
  expect(await phone.at('newer').count()).toBe(0)
  await shoot(phone.page, 'field-late')
})

step('what is handed in then is the next revision, and no conflict', async () => {
  await phone.at('open-form').tap()
  await phone.at('finish-ok').waitFor()
  await jumpTo('g_q20')
  await phone.answer('q20', '1')
  await jumpTo('g_sign')
  await phone.confirmBoth(PINS.diaocha2)
  await phone.next()
  await phone.at('finish').tap()
  await phone.receiptOf(2)
  const mine = await Client.login(server.url, 'diaocha1')
  type List = { items: { revision: number; current: number; state: string }[] }
  const { items } = await mine.ok<List>('GET', '/field/sync/sent?limit=10')
  expect(items.map((s) => [s.revision, s.current, s.state])).toEqual([
    [1, 2, 'received'],
    [2, 2, 'received'],
  ])
  expect(phone.complaints.list).toEqual([])
})
