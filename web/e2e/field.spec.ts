// What a phone promises when things go badly: an old browser, a full disk, a PIN that somebody guesses at, and a phone that is exchanged in the
// middle of the round without a network.
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, CDPSession } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { Client } from './harness/api'
import { launch, open, PHONE } from './harness/browser'
import { HOUSEHOLDS } from './harness/people'
import { Phone } from './harness/phone'
import { count, is, shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { story } from './harness/story'
import { begin, PINS } from './harness/township'

let server: Server
let browser: Browser
let phone: Phone
let cdp: CDPSession
let file: string
let code: string

const step = story(() => ({ browser, server }))
const [one, two] = [HOUSEHOLDS[0]?.code ?? '', HOUSEHOLDS[1]?.code ?? '']

beforeAll(async () => {
  server = await serve()
  await begin(server.url)
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

step('until the engine is on the phone it says so, and the next sync goes on with it', async () => {
  const slow = await open(browser, PHONE)
  let cut = true
  // Its clock is slow, too.
  await slow.context.addInitScript(() => {
    const now = Date.now.bind(Date)
    Date.now = () => now() - 12 * 60_000
  })
  await slow.context.route('**/*.wasm', (r) => (cut ? r.abort() : r.continue()))
  const early = await Phone.in(slow, server.url)
  await early.login('diaocha2')
  await early.enterPin(PINS.diaocha2)
  await is(early.at('not-ready'), 'data-missing', 'app')
  await shows(early.at('not-ready'), '还在下载应用')
  await shows(early.at('clock-off'), '手机时间比服务器慢 12 分钟')
  await early.sound()
  await early.at('to-me').tap()
  await early.at('not-ready').waitFor()
  await early.at('back').tap()
  cut = false
  await early.at('sync').tap()
  await shows(early.at('ready'), '可离线使用')
  await early.online(false)
  await early.page.reload()
  await early.unlock()
  await count(early.at('household'), 5)
  await early.online(true)

  // A newer version is taken in a second window, while a form is open in the first.
  const second = new Phone(await early.context.newPage(), early.context, early.complaints, server.url)
  await second.page.goto(server.url + '/field/')
  await second.unlock(PINS.diaocha2)
  await second.at('status').waitFor()
  await early.openHousehold(one)
  await early.at('open-form').tap()
  await early.onPage('g_household')
  await second.page.evaluate(async () => {
    await navigator.serviceWorker.register('/field/sw.js?newer', { scope: '/field/' })
  })
  await second.at('update').tap()
  await second.at('lock-pin').waitFor()
  await early.onPage('g_household')
  await early.at('leave').tap()
  await early.at('lock-pin').waitFor()
  await early.unlock()
  await early.at('household-page').waitFor()
  await early.context.close()
})

step('a browser that knows no wasm-unsafe-eval runs the engine on a page of its own', async () => {
  const old = await open(browser, PHONE)
  await old.context.route('**/field/', async (route) => {
    const r = await route.fetch()
    const policy = (r.headers()['content-security-policy'] ?? '').replace("'wasm-unsafe-eval'", '')
    await route.fulfill({ response: r, headers: { ...r.headers(), 'content-security-policy': policy } })
  })
  phone = await Phone.in(old, server.url)
  await phone.at('login-submit').waitFor()
  expect(new URL(phone.page.url()).pathname).toBe('/field/compat/')
  await phone.login('diaocha1')
  await phone.enterPin(PINS.diaocha1)
  await phone.openHousehold(one)
  await phone.at('open-form').tap()
  await phone.onPage('g_household')
  await phone.at('leave').tap()
  await phone.at('back').tap()
  await phone.installed()
})

step('without a network it opens there again', async () => {
  await phone.online(false)
  await phone.page.reload()
  await phone.unlock()
  await count(phone.at('household'), 5)
  expect(new URL(phone.page.url()).pathname).toBe('/field/compat/')
})

step('nothing of a household lies in the open on the disk', async () => {
  const stored = await phone.page.evaluate(async () => {
    const out: string[] = [JSON.stringify({ ...localStorage })]
    for (const { name = '' } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((done, fail) => {
        const r = indexedDB.open(name)
        r.onsuccess = () => done(r.result)
        r.onerror = () => fail(r.error ?? new Error('open'))
      })
      for (const store of [...db.objectStoreNames]) {
        const rows = await new Promise<unknown[]>((done, fail) => {
          const r = db.transaction(store).objectStore(store).getAll()
          r.onsuccess = () => done(r.result as unknown[])
          r.onerror = () => fail(r.error ?? new Error('read'))
        })
        out.push(
          ...rows.map((x) =>
            JSON.stringify(x, (_, v: unknown) => (v instanceof Uint8Array ? new TextDecoder().decode(v) : v)),
          ),
        )
      }
      db.close()
    }
    return out
  })
  expect(stored.length).toBeGreaterThan(4)
  const names = HOUSEHOLDS.flatMap((h) => h.members.map((m) => m.name))
  expect(stored.filter((row) => names.some((n) => row.includes(n)))).toEqual([])
})

step('a full disk is told, the answer stays, and is stored as soon as there is room', async () => {
  await phone.openHousehold(two)
  await phone.at('open-form').tap()
  await phone.onPage('g_household')
  await phone.next()
  await phone.onPage('g_mode')
  await phone.saved()
  cdp = await phone.context.newCDPSession(phone.page)
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: new URL(server.url).origin, quotaSize: 1 })
  // The browser looks at the room that is left only now and then: answers go on until it does.
  let n = 0
  await expect
    .poll(
      async () => {
        await phone.answer('mode', n++ % 2 ? '1' : '2')
        return phone.at('save-failed').count()
      },
      { timeout: 90_000, interval: 700 },
    )
    .toBe(1)
  await shows(phone.at('save-failed'), '手机空间已满')
  await phone.sound()
  await phone.answer('mode', '1')
  await phone.answer('respondent', '1')
  // Leaving would lose it: the page stays.
  await phone.at('leave').tap()
  await phone.at('save-stay').waitFor()
  await phone.onPage('g_mode')
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: new URL(server.url).origin })
  await expect.poll(() => phone.at('save-failed').count(), { timeout: 90_000 }).toBe(0)
  await phone.saved()
  await phone.dieAndReopen()
  await phone.onPage('g_mode')
  expect(await phone.question('mode').locator('input[value="1"]').isChecked()).toBe(true)
  expect(await phone.question('respondent').locator('input[value="1"]').isChecked()).toBe(true)
  await phone.at('leave').tap()
  await is(phone.at('household-page'), 'data-state', 'draft')
  await phone.at('back').tap()
})

step('a package is saved without a network, with a code for another phone', async () => {
  await phone.at('to-me').tap()
  await phone.at('to-package').tap()
  await phone.at('export-pin').fill(PINS.diaocha1)
  const [download] = await Promise.all([phone.page.waitForEvent('download'), phone.at('export-phone').tap()])
  file = join(await mkdtemp(join(tmpdir(), 'ruhu-package-')), download.suggestedFilename())
  await download.saveAs(file)
  code = await phone.at('export-code').innerText()
  expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/)
  expect((await readFile(file)).toString('latin1')).not.toContain('<data')
})

step('ten wrong PINs do not clear a phone that holds a draft: it waits, and offers the package', async () => {
  await phone.at('back').tap()
  await phone.at('lock-now').tap()
  await phone.wrongPins(10)
  await phone.at('lock-held').waitFor()
  await phone.sound()
  const [download] = await Promise.all([phone.page.waitForEvent('download'), phone.at('export-office').tap()])
  expect(download.suggestedFilename()).toMatch(/\.ruhu$/)
})

step('another phone goes on with the draft, after the office has given the old one up', async () => {
  const office = await Client.login(server.url, 'office')
  const { items } = await office.ok<{ items: { id: string; account: string }[] }>('GET', '/accounts?q=diaocha1')
  const devices = await office.ok<{ items: { id: string }[] }>('GET', `/accounts/${items[0]?.id}/devices`)
  await office.ok('PUT', `/devices/${devices.items[0]?.id}/order`, { replaced: true, wipe: false })

  const fresh = await Phone.take(browser, server.url)
  await fresh.login('diaocha1')
  await fresh.enterPin(PINS.diaocha1)
  await fresh.at('to-me').tap()
  await fresh.at('to-package').tap()
  await fresh.at('import-file').setInputFiles(file)
  await shows(fresh.at('import-holds'), '1 份草稿')
  await fresh.sound()
  await fresh.at('import-secret').fill('2222-2222-2222')
  await fresh.at('import-take').tap()
  await shows(fresh.at('import-error'), '导入码不对')
  await fresh.at('import-secret').fill(code.toLowerCase())
  await fresh.at('import-take').tap()
  await shows(fresh.at('import-got'), '1 份草稿')
  await fresh.at('back').tap()
  await fresh.at('back').tap()
  await fresh.stateIs(two, 'draft')
  await fresh.openHousehold(two)
  await fresh.at('open-form').tap()
  await fresh.onPage('g_mode')
  expect(await fresh.question('respondent').locator('input[value="1"]').isChecked()).toBe(true)
  expect(fresh.complaints.list).toEqual([])
})

step('the forgotten PIN costs the password, but not on the phone that was given up', async () => {
  await phone.online(true)
  await phone.at('lock-password').tap()
  await phone.login('diaocha1')
  await shows(phone.at('lock-error'), '停用')
})
