// What happens on phones beside the street: two phones at one household, a form taken back before it was sent, a locked phone, a
// login that has run out, a badge that one phone shows and the other scans, photographs of an earlier round.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@ruhu/api'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { Client } from './harness/api'
import { launch, pretended } from './harness/browser'
import { faults, shoot } from './harness/look'
import { HOUSEHOLDS } from './harness/people'
import { Phone } from './harness/phone'
import { png, sideways } from './harness/picture'
import { fillPlainly } from './harness/questionnaire'
import { count, hook, is, shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { story } from './harness/story'
import { begin, PINS, round } from './harness/township'

let server: Server
let browser: Browser
let campaign: string
let first: Phone
let second: Phone

const step = story(() => ({ browser, server }))
const shared = HOUSEHOLDS[4]?.code ?? ''
const again = HOUSEHOLDS[1]?.code ?? ''
const unvisited = HOUSEHOLDS[2]?.code ?? ''

/** What the camera of a phone shows. */
const folder = mkdtempSync(join(tmpdir(), 'ruhu-camera-'))
const camera = join(folder, 'badge.mjpeg')

/** How the form of a household was confirmed, as the office sees it. */
async function vouches(code: string): Promise<{ method: string; holds: boolean }[]> {
  const office = await Client.login(server.url, 'office')
  const { items } = await office.ok<{ items: { id: string; household: { code: string } }[] }>(
    'GET',
    `/campaigns/${campaign}/submissions?state=review&limit=50`,
  )
  const id = items.find((s) => s.household.code === code)?.id ?? ''
  const form = await office.ok<{ vouches: { method: string; holds: boolean }[] }>('GET', `/submissions/${id}`)
  return form.vouches.map(({ method, holds }) => ({ method, holds }))
}

/** How many forms the server has, by what became of them. */
async function forms(): Promise<Record<string, number>> {
  const office = await Client.login(server.url, 'office')
  return (await office.ok<{ counts: Record<string, number> }>('GET', `/campaigns/${campaign}/submissions?limit=1`))
    .counts
}

beforeAll(async () => {
  server = await serve()
  campaign = await begin(server.url)
  browser = await launch(...pretended(camera))
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The levels approve the first revision of a household's form, one after the other. */
async function approve(code: string, ...levels: string[]): Promise<void> {
  const supervisor = await Client.login(server.url, 'fuhe')
  type Rows = { items: { id: string; household: { code: string } | null }[] }
  const rows = await supervisor.ok<Rows>('GET', `/campaigns/${campaign}/submissions?limit=100`)
  const form = rows.items.find((r) => r.household?.code === code)?.id ?? ''
  for (const account of levels) {
    const who = await Client.login(server.url, account)
    const decision = { id: newId(), action: 'approve', revision: 1, comments: [] }
    await who.ok('POST', `/submissions/${form}/decisions`, decision)
  }
}

step('who has a PIN is asked for it once on a new phone, and not for a new one', async () => {
  first = await Phone.take(browser, server.url)
  await first.login('diaocha1')
  await first.at('pin-enter').fill('000000')
  await first.at('pin-submit').tap()
  await shows(first.at('pin-error'), 'PIN 不对')
  await first.enterPin(PINS.diaocha1)
  await count(first.at('household'), 5)
  second = await Phone.take(browser, server.url)
  await second.login('diaocha2')
  await second.enterPin(PINS.diaocha2)
  await count(second.at('household'), 5)
  await first.installed()
  await second.installed()
})

step('both begin the same household without knowing of each other; one sends', async () => {
  await second.online(false)
  await second.openHousehold(shared)
  await second.at('open-form').tap()
  await second.onPage('g_household')
  await second.next()
  await second.fill('g_mode', { mode: '1', respondent: '1' })
  await second.at('leave').tap()
  await is(second.at('household-page'), 'data-state', 'draft')

  await first.openHousehold(shared)
  await first.at('open-form').tap()
  await fillPlainly(first, PINS.diaocha2)
  await first.at('finish').tap()
  await first.receiptOf(1)
})

step('the other phone says that the server has one, and gives up its draft', async () => {
  await second.online(true)
  await shows(second.at('newer'), '第 1 版')
  await second.at('restart').tap()
  await second.at('restart-no').tap()
  await is(second.at('household-page'), 'data-state', 'draft')
  await second.at('restart').tap()
  await shoot(second.page, 'phone-discard')
  expect(await faults(second.page)).toEqual([])
  await second.at('restart-yes').tap()
  await is(second.at('household-page'), 'data-state', 'received')
  expect(await second.at('open-form').count()).toBe(0)
})

step('what was given up can be brought back for a day, with what was answered', async () => {
  await shoot(second.page, 'phone-thrown')
  await second.at('thrown-undo').tap()
  await is(second.at('household-page'), 'data-state', 'draft')
  await count(second.at('thrown'), 0)
  await second.at('open-form').tap()
  await second.at('previous').tap()
  await second.onPage('g_mode')
  expect(await second.question('respondent').locator('input[value="1"]').isChecked()).toBe(true)
  await second.at('leave').tap()
  await second.at('restart').tap()
  await second.at('restart-yes').tap()
  await is(second.at('household-page'), 'data-state', 'received')
  await second.at('back').tap()
})

step('a household that was accepted meanwhile gives up its draft, too', async () => {
  await second.openHousehold(shared)
  await second.at('thrown-undo').tap()
  await is(second.at('household-page'), 'data-state', 'draft')
  await second.at('back').tap()
  await approve(shared, 'fuhe', 'office')
  await second.at('sync').tap()
  await second.stateIs(shared, 'accepted')
  await shows(second.household(shared).locator('[data-test="left-behind"]'), '手机里还有没交的草稿')
  await shoot(second.page, 'phone-left-list')
  await second.openHousehold(shared)
  await shows(second.at('newer'), '不能再填')
  await shoot(second.page, 'phone-left')
  await second.sound()
  await second.at('restart').tap()
  await second.at('restart-yes').tap()
  await is(second.at('household-page'), 'data-state', 'accepted')
  await count(second.at('newer'), 0)
  await second.at('back').tap()
  await count(second.at('left-behind'), 0)
})

step('a finished form can be taken back as long as it was not sent, and is sent once', async () => {
  await second.online(false)
  await second.openHousehold(again)
  await second.at('open-form').tap()
  await fillPlainly(second, PINS.diaocha1)
  await second.at('finish').tap()
  await second.at('take-back').tap()
  // Where it was left: at the end.
  await second.at('finish-ok').waitFor()
  await second.at('contents').tap()
  await second.page.locator('[data-test="index-row"][data-page$="/g_q20"]').tap()
  await second.onPage('g_q20')
  await second.answer('q20', '1')
  await second.at('confirm-again').waitFor()
  await second.next()
  await second.onPage('g_sign')
  await second.photograph(png(1600, 1200, [170, 120, 90]))
  await second.confirmBoth(PINS.diaocha1)
  await second.next()
  await second.at('finish-ok').waitFor()
  await second.at('finish').tap()
  await is(second.at('household-page'), 'data-state', 'queued')
  await second.online(true)
  await second.receiptOf(1)
  await expect.poll(forms).toMatchObject({ accepted: 1, review: 1 })
})

step('a locked phone shows nothing until the PIN is right', async () => {
  await first.at('back').tap()
  await first.at('to-me').tap()
  await first.at('lock-now').tap()
  await first.at('lock-pin').fill('000000')
  await first.at('lock-submit').tap()
  await shows(first.at('lock-error'), 'PIN 不对')
  expect(await first.at('storage').isVisible()).toBe(false)
  await first.at('lock-pin').fill(PINS.diaocha1)
  await first.at('lock-submit').tap()
  await first.at('storage').waitFor()
  await first.at('back').tap()
})

step('a login that has run out loses nothing: the form waits until somebody logs in again', async () => {
  const third = HOUSEHOLDS[0]?.code ?? ''
  await first.openHousehold(third)
  await first.at('open-form').tap()
  await fillPlainly(first, PINS.diaocha2)
  await first.context.clearCookies()
  await first.at('finish').tap()
  await first.at('queued').waitFor()
  await first.at('back').tap()
  await shows(first.at('status-trouble'), '登录已过期')
  await first.stateIs(third, 'queued')
  await first.at('relogin').tap()
  await first.login('diaocha1')
  await first.stateIs(third, 'received')
  await expect.poll(forms).toMatchObject({ accepted: 1, review: 2 })
})

step('without a network the second enumerator shows a badge, and the first one’s phone reads it', async () => {
  const code = HOUSEHOLDS[3]?.code ?? ''
  await first.online(false)
  await second.online(false)
  await second.at('back').tap()
  await second.toBadge()
  await shows(second.at('badge-who'), '（diaocha2）')
  await count(second.at('badge-not-known'), 0)
  await first.toBadge()
  const own = await first.badge()
  await first.at('back').tap()
  await first.at('back').tap()
  await first.openHousehold(code)
  await first.at('open-form').tap()
  await fillPlainly(first, async () => {
    const mate = first.question('enumerator_2')
    const take = (buffer: Buffer) =>
      hook(mate, 'badge-file').setInputFiles({ name: 'badge.jpg', mimeType: 'image/jpeg', buffer })
    await first.confirmOwn()
    // A page that may not use the camera takes a picture.
    await hook(mate, 'enumerator-scan').tap()
    await is(hook(mate, 'badge-scan'), 'data-camera', 'none')
    await take(await sideways(first.page, 400, 300))
    await shows(hook(mate, 'badge-unread'), '读不出确认码')
    await take(own)
    await shows(hook(mate, 'enumerator-error'), '你自己的确认码')
    await take(await second.badge())
    await shows(hook(mate, 'enumerator-confirmed'), '（diaocha2）')
    await hook(mate, 'enumerator-confirmed').locator('button').tap()
    // One that may scans.
    await first.context.grantPermissions(['camera'], { origin: server.url })
    writeFileSync(camera, await second.badge())
    await hook(mate, 'enumerator-scan').tap() // and that is all: it reads before one could look
    await shows(hook(mate, 'enumerator-confirmed'), '（diaocha2）')
  })
  await first.at('finish').tap()
  await is(first.at('household-page'), 'data-state', 'queued')
  await first.online(true)
  await first.receiptOf(1)
  const want = [
    { method: 'own', holds: true },
    { method: 'badge', holds: true },
  ]
  await expect.poll(() => vouches(code)).toEqual(want)
  await second.online(true)
  await expect.poll(forms).toMatchObject({ accepted: 1, review: 3 })
})

step('a locked phone shows no badge', async () => {
  await second.at('back').tap()
  await second.at('lock-now').tap()
  await second.at('lock').waitFor()
  await second.page.goto(`${server.url}/field/#/badge`)
  await second.at('lock').waitFor()
  await count(second.at('badge-code'), 0)
  await second.unlock()
  await second.at('badge-code').waitFor()
  await second.at('back').tap()
  await second.at('back').tap()
  await second.openHousehold(again)
})

step('a later round shows at the door what the one before photographed there, without a network', async () => {
  await approve(again, 'fuhe', 'office')
  await round(server.url, '桂溪镇第二次回头看')

  await second.at('back').tap()
  // The server makes the pictures when it is first asked: a later run brings them.
  await expect
    .poll(
      async () => {
        await second.at('sync').tap()
        await second.household(again).tap()
        const n = await second.at('earlier').count()
        if (n === 0) await second.at('back').tap()
        return n
      },
      { interval: 1_000, timeout: 30_000 },
    )
    .toBe(1)
  await second.online(false)
  await second.page.reload()
  await second.unlock()
  await count(second.at('earlier-open'), 1) // the signature is none of it
  const alt = await second.at('earlier-open').locator('img').getAttribute('alt')
  expect(alt).toMatch(/^入户照片，桂溪镇回头看，\d{4}-\d\d-\d\d$/)
  await second.at('earlier-open').focus()
  await second.page.keyboard.press('Enter')
  await shows(second.at('earlier-large'), '桂溪镇回头看')
  const large = second.at('earlier-large').locator('img')
  expect(await large.evaluate((i: HTMLImageElement) => [i.naturalWidth, i.naturalHeight])).toEqual([320, 240])
  expect(await faults(second.page)).toEqual([])
  await shoot(second.page, 'field-earlier')
  await second.at('back').tap()
  await second.openHousehold(unvisited)
  expect(await second.at('earlier').count()).toBe(0)
  await second.online(true)
})

step('nothing was set aside, and no phone saw an error of the program', async () => {
  expect((await forms()).quarantined ?? 0).toBe(0)
  const complaints = [first, second].flatMap((p) => p.complaints.list)
  // Answers, not mistakes: no network, and the login that had run out.
  const expected = [/ERR_INTERNET_DISCONNECTED/, /status of 401/]
  expect(complaints.filter((c) => !expected.some((e) => e.test(c)))).toEqual([])
})
