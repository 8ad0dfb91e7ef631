// A working day of ten households: most of it without a network, three tabs killed in mid-form, a disk that fills up, a form that comes back with a
// comment at noon, and in the afternoon a phone that is exchanged by a package file. In between the form gets a newer version: what was filled in
// with the old one arrives, a draft and the returned form are carried over. In the evening server and phones name the same forms.
import { newId } from '@ruhu/api'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { Client } from './harness/api'
import { launch } from './harness/browser'
import { Desk } from './harness/desk'
import { shoot } from './harness/look'
import { HOUSEHOLDS, idNumber, type Household } from './harness/people'
import { Phone } from './harness/phone'
import { fillQuickly } from './harness/questionnaire'
import { count, hook, is, shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { story } from './harness/story'
import { begin, PINS } from './harness/township'

let server: Server
let browser: Browser
let campaign: string
let folder: string
let phone: Phone
let fresh: Phone
/** Receipts on the phone that is given up, as `revision digest`. */
let before: string[] = []
/** Pages of the form that the present version does not have. */
let gone: string[] = []

const step = story(() => ({ browser, server }))
const HEADS = ['田福成', '岳明义', '简春芳', '卢有田', '路秋菊', '沙长庚', '温玉梅', '焦大顺', '祝小兰', '管家宝']
const DAY: Household[] = HEADS.map((name, i) => {
  const [, like] = HOUSEHOLDS
  const [head, wife] = like?.members ?? []
  if (!like || !head || !wife) throw new Error('no household to take after')
  const id = (n: number) => idNumber('1966-02-03', 500 + 10 * i + n)
  const members = [
    { ...head, name, id: id(1) },
    { ...wife, name: `${name.slice(0, 1)}桂英`, id: id(2) },
  ]
  return { ...like, code: `990101101${String(100 + i).padStart(6, '0')}`, phone: `100000009${10 + i}`, members }
})
const code = (n: number): string => DAY[n - 1]?.code ?? ''

/** Opens the form of the nth household. */
async function visit(p: Phone, n: number): Promise<void> {
  await p.openHousehold(code(n))
  await p.at('open-form').tap()
  await p.onPage('g_household')
}
/** Fills it from the page that is open, and back to the list. */
async function complete(p: Phone, n: number, from = ''): Promise<void> {
  await fillQuickly(p, PINS.diaocha2, from, '', gone)
  await p.at('finish').tap()
  await is(p.at('household-page'), 'data-state', 'queued')
  await p.at('back').tap()
  await p.stateIs(code(n), 'queued')
}
/** Opens what was begun with the old version: it says which answer does not come along, and goes on where it was. */
async function carry(p: Phone, n: number): Promise<void> {
  await p.openHousehold(code(n))
  await p.at('open-form').tap()
  await shows(p.at('carried-lost'), '17. 建档立卡以来是否参与过资产收益扶贫')
  await shows(p.at('carried-lost'), '否')
  await shows(p.at('carried-kept'), '18. 有没有新型经营主体带动')
  await p.sound()
  await p.at('carried-go').tap()
}
/** Fills the form as far as a page and loses the tab there; what was answered is there again. */
async function dieAt(p: Phone, n: number, page: string): Promise<void> {
  await visit(p, n)
  await fillQuickly(p, PINS.diaocha2, '', page, gone)
  await p.onPage(page)
  await p.saved()
  await p.dieAndReopen()
  await p.onPage(page)
}
const receipts = async (p: Phone, n: number): Promise<string[]> => {
  await p.at('to-receipts').tap()
  await count(p.at('receipt'), n)
  const rows = await p.at('receipt').all()
  const got = await Promise.all(
    rows.map(async (r) => `${await r.getAttribute('data-revision')} ${await r.getAttribute('data-digest')}`),
  )
  await p.at('back').tap()
  return got
}

beforeAll(async () => {
  server = await serve()
  campaign = await begin(server.url, DAY)
  browser = await launch()
  folder = await mkdtemp(join(tmpdir(), 'ruhu-day-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await browser?.close()
  await server?.stop()
})

step('in the morning the phone takes everything along and leaves the network', async () => {
  phone = await Phone.take(browser, server.url)
  await phone.login('diaocha1')
  await phone.enterPin(PINS.diaocha1)
  await count(phone.at('household'), DAY.length)
  await phone.installed()
  // The engine comes with the first form.
  await visit(phone, 1)
  await phone.online(false)
  await complete(phone, 1)
})

step('two tabs are killed in mid-form, and nothing of them is lost', async () => {
  await dieAt(phone, 2, 'g_q8')
  await complete(phone, 2, 'g_q8')
  await dieAt(phone, 3, 'g_q1')
  await complete(phone, 3, 'g_q1')
})

step('the disk is full: the answer stays, and is stored when there is room', async () => {
  await visit(phone, 4)
  await phone.next()
  await phone.onPage('g_mode')
  await phone.saved()
  const cdp = await phone.context.newCDPSession(phone.page)
  const { origin } = new URL(server.url)
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
  let n = 0
  await expect
    .poll(
      async () => {
        await phone.answer('mode', n++ % 2 ? '1' : '2')
        return phone.at('save-failed').count()
      },
      { timeout: 90_000, interval: 400 },
    )
    .toBe(1)
  await cdp.send('Storage.overrideQuotaForOrigin', { origin })
  await expect.poll(() => phone.at('save-failed').count(), { timeout: 90_000 }).toBe(0)
  await phone.saved()
  await complete(phone, 4, 'g_mode')
})

step('a form is begun, and the office publishes another version of it', async () => {
  await visit(phone, 6)
  await fillQuickly(phone, PINS.diaocha2, '', 'g_q20')
  await phone.onPage('g_q20')
  await phone.saved()
  await phone.at('leave').tap()
  await phone.at('back').tap()
  const old = await readFile(join(import.meta.dirname, '../../playbooks/huitoukan/forms/registered.md'), 'utf8')
  const text = old
    .replace('| 2020040303 |', '| 2020040304 |')
    .replace(/\| begin group \| g_q17 .*\n.*\n.*\n/, '')
    .replace('18. 建档立卡以来有无新型经营主体带动', '18. 有没有新型经营主体带动')
  const office = await Desk.login(browser, server.url, 'office')
  await office.page.goto(`${server.url}/c/${campaign}/settings/forms`)
  const form = office.page.locator('[data-test="form"][data-id="registered"]')
  const name = '问卷A.md'
  await hook(form, 'form-file').setInputFiles({ name, mimeType: 'text/markdown', buffer: Buffer.from(text) })
  await is(hook(form, 'form-check'), 'data-verdict', 'clean')
  await shows(hook(form, 'form-moves'), '没开始')
  expect(await hook(form, 'form-change').allInnerTexts()).toHaveLength(3)
  await hook(form, 'form-reason').fill('县里取消第 17 题')
  await hook(form, 'form-publish').click()
  await count(hook(form, 'form-version'), 2)
  await shows(hook(form, 'form-version').first(), '2020040304')
  await office.context.close()
})

step('at noon there is a network: four forms arrive, one comes back with a comment', async () => {
  await visit(phone, 5)
  await complete(phone, 5)
  await phone.online(true)
  await phone.at('sync').tap()
  for (const n of [1, 2, 3, 4, 5]) await phone.stateIs(code(n), 'received')
  gone = ['g_q17']
  const supervisor = await Client.login(server.url, 'fuhe')
  type Rows = { items: { id: string; household: { code: string } | null; state: string }[] }
  const list = () => supervisor.ok<Rows>('GET', `/campaigns/${campaign}/submissions?limit=100`)
  await expect.poll(async () => (await list()).items.filter((r) => r.state === 'review').length).toBe(5)
  const row = (await list()).items.find((r) => r.household?.code === code(2))
  const shown = JSON.stringify(await supervisor.ok('GET', `/submissions/${row?.id}`))
  const ref = (name: string) => new RegExp(`"(/[^"]*/${name})"`).exec(shown)?.[1] ?? ''
  expect(ref('q20')).toMatch(/q20$/)
  const said = { q20: '是否问了本人', head_name: '户主换人了吗', q4_1: '确实没有在校生？' }
  await supervisor.ok('POST', `/submissions/${row?.id}/decisions`, {
    id: newId(),
    action: 'return',
    revision: 1,
    note: '第 20 题请再问一次',
    comments: Object.entries(said).map(([name, text]) => ({
      id: newId(),
      ref: ref(name) || ref('q4').replace(/q4$/, name),
      text,
    })),
  })
  await phone.at('sync').tap()
  await phone.stateIs(code(2), 'returned')
  await phone.online(false)
})

step('the comment is answered without a network, in the new version', async () => {
  await carry(phone, 2)
  const nowhere = phone.at('comments-nowhere')
  await nowhere.locator('summary').tap()
  await shows(nowhere, '确实没有在校生？')
  await hook(nowhere, 'reply-open').tap()
  await hook(nowhere, 'reply-text').fill('都已毕业')
  await hook(nowhere, 'reply-keep').tap()
  await nowhere.locator('summary').tap()
  await phone.at('comment-next').tap()
  await phone.onPage('g_household')
  await shows(phone.page.locator('[data-test="fact"][data-name="head_name"]'), '户主换人了吗')
  await shoot(phone.page, 'field-comment-fact')
  await phone.at('comment-next').tap()
  await phone.onPage('g_q20')
  const q = phone.question('q20')
  await shows(hook(q, 'comment'), '是否问了本人')
  await hook(q, 'reply-open').tap()
  await hook(q, 'reply-text').fill('问了本人，改正')
  await hook(q, 'reply-keep').tap()
  await phone.answer('q20', '1')
  await phone.at('contents').tap()
  await phone.page.locator('[data-test="index-row"][data-page$="/g_sign"]').tap()
  await phone.confirmBoth(PINS.diaocha2)
  await phone.next()
  await phone.at('finish-ok').waitFor()
  await phone.at('finish').tap()
  await phone.at('back').tap()
  await phone.stateIs(code(2), 'queued')
})

step(
  'the phone breaks with two forms unsent and the third tab killed in a third: another one takes over from a file',
  async () => {
    await carry(phone, 6)
    await phone.onPage('g_q20')
    await complete(phone, 6, 'g_q20')
    await dieAt(phone, 7, 'g_q5')
    await phone.at('leave').tap()
    await phone.at('back').tap()
    before = await receipts(phone, 5)
    await phone.at('to-me').tap()
    await phone.at('to-package').tap()
    await phone.at('export-pin').fill(PINS.diaocha1)
    const [download] = await Promise.all([phone.page.waitForEvent('download'), phone.at('export-phone').tap()])
    const file = join(folder, download.suggestedFilename())
    await download.saveAs(file)
    const secret = await phone.at('export-code').innerText()
    await phone.context.close()

    fresh = await Phone.take(browser, server.url)
    await fresh.login('diaocha1')
    await fresh.enterPin(PINS.diaocha1)
    await fresh.installed()
    await fresh.at('to-me').tap()
    await fresh.at('to-package').tap()
    await fresh.at('import-file').setInputFiles(file)
    await fresh.at('import-secret').fill(secret)
    await fresh.at('import-take').tap()
    await shows(fresh.at('import-got'), '2 份已完成的表、1 份草稿')
    await fresh.at('back').tap()
    await fresh.at('back').tap()
  },
)

step('the last households, again without a network, begin where the broken phone was', async () => {
  await fresh.openHousehold(code(7))
  await fresh.at('open-form').tap()
  await fresh.onPage('g_q5')
  await fresh.online(false)
  await complete(fresh, 7, 'g_q5')
  for (const n of [8, 9, 10]) {
    await visit(fresh, n)
    await complete(fresh, n)
  }
})

step('in the evening everything is there, and the server’s digests are those of the receipts', async () => {
  await fresh.online(true)
  await fresh.at('sync').tap()
  for (let n = 1; n <= DAY.length; n++) await fresh.stateIs(code(n), 'received')
  const mine = await Client.login(server.url, 'diaocha1')
  const sent = await mine.ok<{ items: { revision: number; digest: string; state: string; missing_files: string[] }[] }>(
    'GET',
    '/field/sync/sent?limit=100',
  )
  expect(sent.items).toHaveLength(DAY.length + 1)
  expect(sent.items.filter((s) => s.state !== 'received')).toEqual([])
  const phones = new Set([...before, ...(await receipts(fresh, DAY.length))])
  expect([...phones].sort()).toEqual(sent.items.map((s) => `${s.revision} ${s.digest}`).sort())
  const office = await Client.login(server.url, 'office')
  const { counts } = await office.ok<{ counts: Record<string, number> }>(
    'GET',
    `/campaigns/${campaign}/submissions?limit=1`,
  )
  expect(counts.quarantined ?? 0).toBe(0)
  // Each counts with the version it is of; nothing waits in the old one.
  type Forms = { items: { versions: { version: string; open: number; begun: number; sent: number }[] }[] }
  const { items: forms } = await office.ok<Forms>('GET', `/campaigns/${campaign}/forms`)
  expect(forms[0]?.versions.map((v) => [v.version, v.open + v.begun, v.sent])).toEqual([
    ['2020040304', 0, 6],
    ['2020040303', 0, 4],
  ])
  // The signatures have come, too.
  await expect
    .poll(async () => {
      await fresh.at('sync').tap()
      const again = await mine.ok<typeof sent>('GET', '/field/sync/sent?limit=100')
      return again.items.flatMap((s) => s.missing_files)
    })
    .toEqual([])
})
