// The paper track: the office prints the forms of a village, somebody scans the code on a sheet, an enumerator keys a form that was
// filled in on paper, and the reviewer sees that it came from paper.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { Client } from './harness/api'
import { DESK, launch } from './harness/browser'
import { Desk } from './harness/desk'
import { HOUSEHOLDS } from './harness/people'
import { Phone } from './harness/phone'
import { fillPlainly, keyPlainly } from './harness/questionnaire'
import { hook, is, shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { story } from './harness/story'
import { begin, PINS } from './harness/township'

let server: Server
let browser: Browser
let campaign: string
let desk: Desk
let folder: string
/** Addresses that the codes on the sheets hold. */
let codes: string[] = []
/** The village of the first household, and its households. */
let mine: { id: string; code: string; head_name: string; village: { code: string; name: string } }[] = []

const step = story(() => ({ browser, server }))
const keyed = HOUSEHOLDS[1]?.code ?? ''

const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

beforeAll(async () => {
  server = await serve()
  campaign = await begin(server.url)
  browser = await launch()
  folder = mkdtempSync(join(tmpdir(), 'ruhu-paper-'))
  const office = await Client.login(server.url, 'office')
  const all = (await office.ok<{ items: typeof mine }>('GET', `/campaigns/${campaign}/households?limit=200`)).items
  mine = all.filter((h) => h.village.code === all[0]?.village.code)
})

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await browser?.close()
  await server?.stop()
})

step('the office orders the forms of a village from the roster', async () => {
  desk = await Desk.login(browser, server.url, 'office')
  await desk.page.goto(`${server.url}/c/${campaign}/roster?village=${mine[0]?.village.code}`)
  await desk.at('print-forms').click()
  await is(desk.at('page-title'), 'data-test', 'page-title')
  await desk.at('paper-order').waitFor()
  expect(await desk.at('paper-kind').inputValue()).toBe('forms')
  expect(await desk.at('paper-village').inputValue()).toBe(mine[0]?.village.code)
  await desk.at('empty').waitFor()
  await desk.at('paper-make').click()
  await desk.at('paper-job').waitFor()
  await expect.poll(() => desk.at('paper-job').getAttribute('data-state'), { timeout: 60_000 }).toBe('ready')
})

step('the PDF holds every household, the numbering, and the line of who printed it', async () => {
  const href = await desk.at('paper-open').getAttribute('href')
  const answer = await desk.context.request.get(server.url + href)
  expect(answer.status()).toBe(200)
  expect(answer.headers()['cache-control']).toContain('no-store')
  writeFileSync(join(folder, 'a.pdf'), await answer.body())
  const text = run('pdftotext', '-layout', join(folder, 'a.pdf'), '-').replace(/\s/g, '')
  for (const h of mine) {
    expect(text).toContain(h.code)
    expect(text).toContain(h.head_name)
  }
  for (const words of ['①是', '②否→第5题', '若第4题选①', '底册', '打印人', '问卷A']) expect(text).toContain(words)
})

step('the code on a sheet opens the household', async () => {
  run('pdftoppm', '-r', '110', '-png', join(folder, 'a.pdf'), join(folder, 'p'))
  for (const page of readdirSync(folder).filter((f) => f.endsWith('.png'))) {
    try {
      codes.push(...run('zbarimg', '-q', '--raw', join(folder, page)).trim().split('\n'))
    } catch {
      // a page without a code
    }
  }
  codes = codes.filter(Boolean).sort()
  expect(codes).toEqual(mine.map((h) => `${server.url}/h/${h.id}`).sort())
  await desk.page.goto(`${server.url}/h/${mine[0]?.id}`)
  await shows(desk.at('page-title'), mine[0]?.head_name ?? '')
  expect(new URL(desk.page.url()).pathname).toBe(`/c/${campaign}/households/${mine[0]?.id}`)
})

step('an enumerator keys the form of a household from paper', async () => {
  const phone = await Phone.take(browser, server.url)
  await phone.login('diaocha1')
  await phone.enterPin(PINS.diaocha1)
  await phone.openHousehold(keyed)
  const office = await Client.login(server.url, 'office')
  const { items } = await office.ok<{ items: typeof mine }>('GET', `/campaigns/${campaign}/households?q=${keyed}`)
  // The code on the sheet leads to the same visit.
  const visit = phone.page.url()
  await phone.page.goto(`${server.url}/field/#/h/${items[0]?.id}`)
  await phone.at('household-page').waitFor()
  expect(phone.page.url()).toBe(visit)
  await phone.at('open-paper').tap()
  await phone.at('from-paper').waitFor()
  await phone.sound()
  await fillPlainly(phone, PINS.diaocha2)
  await phone.at('finish').tap()
  await phone.receiptOf(1)
})

step('reviewer and household page say that it came from paper, and who keyed it', async () => {
  const office = await Client.login(server.url, 'office')
  const { items } = await office.ok<{ items: typeof mine }>('GET', `/campaigns/${campaign}/households?q=${keyed}`)
  await desk.page.goto(`${server.url}/c/${campaign}/households/${items[0]?.id}`)
  await shows(hook(desk.at('household-submission'), 'from-paper'), '纸质补录')
  await hook(desk.at('household-submission'), 'from-paper').waitFor()
  await desk.at('household-submission').getByRole('link').click()
  await shows(desk.at('from-paper'), /纸质补录，录入人：.+/)
  await desk.go('submissions')
  await desk.at('state-all').click()
  await shows(hook(desk.row('submission-row', items[0]?.head_name), 'from-paper'), '纸质补录')
})

step(
  'the partner keys the same paper again without seeing the first keying, and learns where the two differ',
  async () => {
    const phone = await Phone.take(browser, server.url, { ...DESK, hasTouch: true })
    await phone.login('diaocha2')
    await phone.enterPin(PINS.diaocha2)
    await phone.openHousehold(keyed)
    await phone.at('open-second').tap()
    await phone.at('from-paper').waitFor()
    await keyPlainly(phone, PINS.diaocha1, { q1_3: '2100' })
    await phone.at('finish').tap()
    const second = async (want: string) => {
      // The server compares when it has a moment.
      const state = async () => {
        await phone.at('back').tap()
        await phone.at('sync').tap()
        await expect.poll(() => phone.at('sync').isEnabled()).toBe(true)
        await phone.openHousehold(keyed)
        return phone.at('second').getAttribute('data-state')
      }
      await phone.at('household-page').waitFor()
      await expect.poll(state, { timeout: 20_000, interval: 300 }).toBe(want)
    }
    await second('open')
    await shows(phone.at('second'), '有 1 题不同')
    expect(await phone.at('second').innerText()).not.toContain('2000')
    await phone.at('second-correct').tap()
    await phone.at('second-question').tap()
    await shows(phone.at('look-again'), '再看一次纸质问卷')
    const line = hook(phone.question('q1_3'), 'answer')
    expect(await line.inputValue()).toBe('2100')
    await line.fill('2000')
    await phone.at('contents').tap()
    await phone.page.locator('[data-test="index-row"][data-page$="/g_sign"]').tap()
    await phone.confirmBoth(PINS.diaocha1)
    await phone.next()
    await phone.at('finish-ok').waitFor()
    await phone.at('finish').tap()
    await second('same')
    await shows(phone.at('second'), '两次录入一致')
    // The form that stands is still the first one.
    await is(phone.at('receipt'), 'data-revision', '1')
  },
)

step('the files of a print can be removed at once', async () => {
  await desk.go('papers')
  await desk.at('paper-remove').click()
  await is(desk.at('paper-job'), 'data-state', 'gone')
})
