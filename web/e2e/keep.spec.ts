// What is kept when a person is quicker than the phone: typing without a pause, a page turned before the position is there, a form left with the
// pen still wet, Android's back key,  the phone turned in the middle of a signature, the form open in two windows, and no room at the very last tap.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { kill, launch, PHONE, pretended } from './harness/browser'
import { shoot } from './harness/look'
import { HOUSEHOLDS } from './harness/people'
import { Phone } from './harness/phone'
import { fillQuickly } from './harness/questionnaire'
import { hook, is, shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { story } from './harness/story'
import { begin, PINS } from './harness/township'

let server: Server
let browser: Browser
let phone: Phone

const step = story(() => ({ browser, server }))
const code = HOUSEHOLDS[0]?.code ?? ''
const SENTENCE = '户主外出务工，由村会计带路，到家时老人在院里晒谷，答完后看过全部答案再签的字。'.repeat(2)

const back = (): Promise<void> => phone.at('previous').tap()

/** One stroke from the left to the right edge of the pad. */
async function stroke(page: Page): Promise<void> {
  const pad = hook(page, 'signature-pad')
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  if (!box) throw new Error('the signature pad is not on the screen')
  const y = box.y + box.height / 2
  await page.mouse.move(box.x + 0.1 * box.width, y)
  await page.mouse.down()
  await page.mouse.move(box.x + 0.9 * box.width, y, { steps: 12 })
  await page.mouse.up()
}

/** Where the ink on the pad begins and ends, as parts of its width. */
const ink = (page: Page): Promise<[number, number]> =>
  page.evaluate(() => {
    const c = document.querySelector<HTMLCanvasElement>('[data-test="signature-pad"]')
    const pixels = c?.getContext('2d')?.getImageData(0, 0, c.width, c.height).data
    if (!c || !pixels) return [0, 0]
    const columns = Array.from({ length: c.width }, (_, x) => x).filter((x) =>
      Array.from({ length: c.height }, (__, y) => pixels[4 * (y * c.width + x)] ?? 255).some((red) => red < 128),
    )
    return [(columns[0] ?? 0) / c.width, (columns[columns.length - 1] ?? 0) / c.width]
  })

beforeAll(async () => {
  server = await serve()
  await begin(server.url)
  browser = await launch(...pretended())
  phone = await Phone.atWork(browser, server.url, {
    ...PHONE,
    geolocation: { latitude: 28.50123456, longitude: 112.10123456, accuracy: 12 },
  })
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

step('the back key turns the page back, leaves from the first page, and never the app', async () => {
  const { page } = phone
  await phone.openHousehold(code)
  await phone.at('open-form').tap()
  await phone.onPage('g_household')
  await phone.next()
  await phone.onPage('g_mode')
  await phone.at('contents').tap()
  await page.locator('[data-test="index-row"][data-page$="/g_q6"]').tap()
  await phone.onPage('g_q6')
  await phone.saved()
  await page.goBack()
  await phone.onPage('g_mode')
  await page.goBack()
  await phone.onPage('g_household')
  await page.goForward()
  await phone.onPage('g_mode')
  await phone.saved()
  // Read anew in mid-form, it is the same way back.
  await page.reload()
  await phone.unlock()
  await phone.onPage('g_mode')
  await back()
  await phone.onPage('g_household')
  await page.goBack()
  await phone.at('household-page').waitFor()
  await phone.at('open-form').tap()
  await phone.onPage('g_household')
  await phone.next()
  await phone.onPage('g_mode')
  await phone.saved()
  // Killed: the form is there again, over its household.
  await kill(page)
  phone.page = await phone.context.newPage()
  await phone.page.goto(server.url + '/field/')
  await phone.unlock()
  await phone.onPage('g_mode')
  await phone.at('leave').tap()
  await phone.at('household-page').waitFor()
  await phone.page.goBack()
  await phone.at('household').first().waitFor()
})

step('the pen is still wet when the form is left: the signature is there', async () => {
  await phone.openHousehold(code)
  await phone.at('open-form').tap()
  await fillQuickly(phone, PINS.diaocha2, 'g_mode', 'g_q20')
  await phone.answer('q20', '2')
  await phone.next()
  await phone.onPage('g_sign')
  await stroke(phone.page)
  await phone.at('leave').tap()
  await phone.at('open-form').tap()
  await phone.onPage('g_sign')
  await expect.poll(() => phone.at('signature').getAttribute('data-file')).toMatch(/^[0-9a-f]{64}\.png$/)
})

step('who may not be located is told so, and goes on without', async () => {
  await phone.at('position-take').tap()
  await phone.at('position-trouble').waitFor()
  await back()
  await phone.next()
  await phone.onPage('g_sign')
  await phone.context.grantPermissions(['geolocation'], { origin: server.url })
})

step('in the other language it is the same form, with what was answered', async () => {
  const speak = async (): Promise<void> => {
    await phone.at('leave').tap()
    await phone.at('back').tap()
    await phone.at('to-me').tap()
    await phone.at('language').tap()
    await phone.at('back').tap()
    await phone.openHousehold(code)
    await phone.at('open-form').tap()
    await phone.onPage('g_sign')
  }
  const signature = phone.question('respondent_signature')
  await shows(signature, '被访者签名')
  await speak()
  await shows(signature, "Respondent's signature")
  expect(await hook(signature, 'signature').getAttribute('data-file')).toMatch(/^[0-9a-f]{64}\.png$/)
  await shows(phone.at('next'), 'Check')
  await speak()
  await shows(signature, '被访者签名')
})

step('the page is turned before the position is there: it comes after', async () => {
  await phone.page.evaluate(() => {
    const read = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation)
    navigator.geolocation.getCurrentPosition = (done, fail, how) => {
      ;(window as { found?: () => void }).found = () => read(done, fail, how)
    }
  })
  await phone.at('position-take').tap()
  await back()
  await phone.onPage('g_q20')
  await phone.page.evaluate(() => (window as { found?: () => void }).found?.())
  await phone.next()
  await phone.at('position-got').waitFor()
})

step('the phone is turned while somebody signs: the ink stays where it was written', async () => {
  await phone.at('signature-clear').tap()
  await stroke(phone.page)
  for (const viewport of [
    { width: 844, height: 390 },
    { width: 390, height: 844 },
  ]) {
    await phone.page.setViewportSize(viewport)
    await expect
      .poll(() =>
        phone.page.evaluate(() => {
          const c = document.querySelector<HTMLCanvasElement>('[data-test="signature-pad"]')
          return c ? c.width / c.offsetWidth : 0
        }),
      )
      .toBe(2)
    const [from, to] = await ink(phone.page)
    expect(from).toBeGreaterThan(0.02)
    expect(to).toBeGreaterThan(from + 0.3)
    expect(to).toBeLessThan(0.96)
  }
  await phone.page.setViewportSize({ width: 844, height: 390 })
  await phone.at('signature-clear').tap()
  await stroke(phone.page)
  await expect.poll(async () => Math.abs((await ink(phone.page))[1] - 0.9)).toBeLessThan(0.1)
  await phone.page.setViewportSize(PHONE.viewport ?? { width: 390, height: 844 })
  await expect.poll(async () => Math.abs((await ink(phone.page))[1] - 0.9)).toBeLessThan(0.1)
  await expect.poll(() => phone.at('signature').getAttribute('data-file')).toMatch(/^[0-9a-f]{64}\.png$/)
})

step('who types without a pause loses a word at most when the phone dies', async () => {
  await phone.confirmBoth(PINS.diaocha2)
  await phone.next()
  await phone.at('visit-guide').pressSequentially(SENTENCE, { delay: 60 })
  await kill(phone.page)
  phone.page = await phone.context.newPage()
  await phone.page.goto(server.url + '/field/')
  await phone.unlock()
  const guide = await phone.at('visit-guide').inputValue()
  expect(SENTENCE.startsWith(guide)).toBe(true)
  expect(guide.length).toBeGreaterThan(SENTENCE.length / 2)
})

step('what keeps an answer from the disk is said, and it is not always the room', async () => {
  await phone.page.evaluate(() => {
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('the connection is closing', 'InvalidStateError')
    }
    ;(window as { room?: () => void }).room = () => (IDBObjectStore.prototype.put = put)
  })
  await phone.at('visit-guide').fill('村民组长')
  await is(phone.at('save-failed'), 'data-why', 'closed')
  await shows(phone.at('save-failed'), '数据库被关闭')
  await shoot(phone.page, 'field-closed')
  await phone.page.evaluate(() => {
    document.documentElement.dataset.type = 'huge'
  })
  await phone.page.setViewportSize({ width: 740, height: 360 })
  await phone.page.evaluate(() => scrollTo(0, 0))
  await shoot(phone.page, 'field-closed-landscape')
  const box = await phone.at('save-failed').boundingBox()
  expect(box?.height).toBeLessThan(130)
  await phone.page.setViewportSize({ width: 360, height: 740 })
  await shoot(phone.page, 'field-closed-huge')
  const portrait = await phone.at('save-failed').boundingBox()
  expect(portrait?.height).toBeLessThan(240)
  await phone.page.evaluate(() => {
    document.documentElement.dataset.type = 'normal'
  })
  await phone.page.setViewportSize(PHONE.viewport ?? { width: 390, height: 844 })
  await phone.page.evaluate(() => (window as { room?: () => void }).room?.())
  await phone.at('save-again').tap()
  await phone.saved()
  expect(await phone.at('save-failed').count()).toBe(0)
})

step('two windows: neither writes over what was filled in in the other', async () => {
  const page = await phone.context.newPage()
  await page.goto(server.url + '/field/')
  await hook(page, 'lock-pin').fill(PINS.diaocha1)
  await hook(page, 'lock-submit').tap()
  await hook(page, 'visit-guide').fill('在另一个窗口填的')
  await is(hook(page, 'saved'), 'data-saving', 'saved')
  await phone.at('visit-guide').fill('在这个窗口填的')
  await phone.at('elsewhere').waitFor()
  await shoot(phone.page, 'field-elsewhere')
  await phone.at('elsewhere-go').tap()
  await expect.poll(() => phone.at('visit-guide').inputValue()).toBe('在另一个窗口填的')
  await phone.at('visit-guide').fill('村会计')
  await phone.saved()
  // The other window is looked at again, and shows what this one has written, without a word.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await expect.poll(() => hook(page, 'visit-guide').inputValue()).toBe('村会计')
  await kill(page) // closing it would write how long it was looked at, and this window would be the older one again
})

step('no room at the last tap: said, and handed in as soon as there is some', async () => {
  await phone.page.evaluate(() => {
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('no room', 'QuotaExceededError')
    }
    ;(window as { room?: () => void }).room = () => (IDBObjectStore.prototype.put = put)
  })
  await phone.at('finish').tap()
  await shows(phone.at('save-failed'), '手机空间已满')
  await phone.at('save-again').tap()
  await expect.poll(() => phone.at('save-again').isEnabled()).toBe(true)
  await shows(phone.at('save-failed'), '手机空间已满')
  await phone.page.evaluate(() => (window as { room?: () => void }).room?.())
  // The try before may still be under way, and find the room itself.
  await phone
    .at('save-again')
    .tap({ timeout: 5000 })
    .catch(() => undefined)
  await phone.receiptOf(1)
})

step('a forgotten PIN costs the password, and what is on the phone stays', async () => {
  await phone.at('back').tap()
  await phone.at('to-me').tap()
  await phone.at('lock-now').tap()
  await phone.unlock('246810')
  await phone.at('lock-error').waitFor()
  await phone.at('lock-password').tap()
  await phone.login('diaocha1')
  await phone.setPin('246810')
  await phone.openHousehold(code)
  await phone.receiptOf(1)
  await phone.at('back').tap()
  await phone.at('to-me').tap()
  await phone.at('lock-now').tap()
  await phone.unlock('246810')
  await phone.at('back').tap()
  await phone.at('household').first().waitFor()
})

step('the tenth wrong PIN clears a phone from which everything has arrived', async () => {
  await phone.at('sync').tap()
  await shows(phone.at('status-line'), '待发 0')
  await expect.poll(() => phone.at('status-media').count()).toBe(0)
  await phone.at('to-me').tap()
  await phone.at('lock-now').tap()
  await phone.wrongPins(10)
  await phone.at('login-submit').waitFor()
  const left = await phone.page.evaluate(async () => (await indexedDB.databases()).map((d) => d.name))
  expect(left.filter((name) => name?.startsWith('ruhu-field-'))).toEqual([])
})
