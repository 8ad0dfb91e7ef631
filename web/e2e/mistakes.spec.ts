// What a phone does not lose, whoever made the mistake: a version that comes while a form is open, a draft that is thrown away.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { Client } from './harness/api'
import { launch } from './harness/browser'
import { HOUSEHOLDS } from './harness/people'
import { Phone } from './harness/phone'
import { count, is } from './harness/see'
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
    .replace('| 2020040302 |', `| ${version} |`)
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
  await publish('2020040303')
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
