// The listing: a village goes through its list on a phone and loses the connection in between, the township returns one answer and accepts the
// rest, the roster is frozen, and its digest is computed from the export by the program.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@ruhu/api'
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { Client } from './harness/api'
import { launch, PHONE } from './harness/browser'
import { Desk } from './harness/desk'
import { day, idNumber, TOWN, VILLAGES, type Household } from './harness/people'
import { png } from './harness/picture'
import { count, hook, is, shows } from './harness/see'
import { PROGRAM, serve, type Server } from './harness/server'
import { story } from './harness/story'
import { NAMES, populate } from './harness/township'
import { rosterFile } from './harness/workbook'

const [clear] = VILLAGES
const NEW = '欧阳新民'

/** Six households of one village; the first is the one that is corrected, the second is gone. */
function village(): Household[] {
  const heads = ['田福成', '蒋明辉', '潘玉珍', '余春林', '曾秀兰', '叶桂英']
  return heads.map((name, i) => ({
    code: `990101101${String(i + 1).padStart(6, '0')}`,
    village: clear.code,
    villageName: clear.name,
    group: `${i + 1}组`,
    kind: '脱贫户',
    exitYear: '2018',
    phone: `100${String(i).padStart(8, '0')}`,
    members: [
      { name, id: idNumber('1960-01-01', 10 + i), relation: '户主', sex: '男', schooling: '' },
      {
        name: `${name.slice(0, 1)}小${i}`,
        id: idNumber('1990-01-01', 30 + i),
        relation: '之子',
        sex: '男',
        schooling: '',
      },
    ],
  }))
}

let server: Server
let browser: Browser
let campaign = ''
let clerk: Desk
let office: Desk
let folder = ''
const step = story(() => ({ browser, server }))
const roster = village()
const of = (d: Desk, name: string): Locator => d.row('listing-household', name)
const address = (): string => `${server.url}/c/${campaign}/listing`

beforeAll(async () => {
  server = await serve()
  await populate(server.url)
  folder = mkdtempSync(join(tmpdir(), 'ruhu-listing-'))
  const town = await Client.login(server.url, 'office')
  campaign = newId()
  const at = `/campaigns/${campaign}`
  await town.ok('PUT', at, { playbook: 'huitoukan', title: '桂溪镇回头看', region_code: TOWN, starts_on: day(-10) })
  await town.ok('POST', `${at}/roster/imports?dry_run=false&name=roster.xlsx`, rosterFile(roster))
  browser = await launch()
})

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await browser?.close()
  await server?.stop()
})

step('the village finds its list on a phone and a household by its initials', async () => {
  clerk = await Desk.login(browser, server.url, 'qingxi', undefined, PHONE)
  await clerk.go('listing')
  await shows(clerk.at('page-title'), clear.name)
  await count(clerk.at('listing-household'), 6)
  await clerk.at('filter-q').fill('jmh')
  await count(clerk.at('listing-household'), 1)
  await shows(clerk.at('listing-name'), '蒋明辉')
  await clerk.at('filter-q').fill('')
  await hook(of(clerk, '潘玉珍'), 'listing-confirm').tap()
  await count(clerk.at('listing-household'), 5)
  expect(await clerk.at('listing-hand-in').isDisabled()).toBe(true)
})

step('without a network the work goes on, and outlives the page', async () => {
  await clerk.context.setOffline(true)
  await hook(of(clerk, '余春林'), 'listing-confirm').tap()
  await hook(of(clerk, '蒋明辉'), 'listing-strike').tap()
  await clerk.at('answer-reason').selectOption('died')
  await is(clerk.at('answer-missing'), 'data-code', 'photo')
  await clerk
    .at('photo-input')
    .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: png(200, 150, [90, 120, 60]) })
  await clerk.at('photo').waitFor()
  await clerk.at('answer-note').fill('已销户')
  await clerk.at('answer-save').tap()
  await hook(of(clerk, '田福成'), 'listing-correct').tap()
  await clerk.at('answer-group').fill('七组')
  await clerk.at('answer-save').tap()
  await shows(clerk.at('listing-unsent'), '3 户')
  await clerk.at('listing-add').tap()
  await clerk.at('answer-class').selectOption('ordinary')
  await clerk.at('member-name').fill(NEW)
  // The page is lost in the middle of the form; what was begun is still there.
  await clerk.page.close()
  await clerk.context.setOffline(false)
  const page = await clerk.context.newPage()
  await page.route('**/proposals/*', (r) => r.abort())
  await page.goto(address())
  clerk = clerk.on(page)
  await shows(clerk.at('listing-unsent'), '3 户')
  await clerk.at('listing-add').tap()
  await expect.poll(() => clerk.at('member-name').inputValue()).toBe(NEW)
  await clerk.at('answer-save').tap()
  await shows(clerk.at('listing-unsent'), '4 户')
  await page.unroute('**/proposals/*')
  await clerk.at('listing-send').tap()
  await count(clerk.at('listing-unsent'), 0)
  await clerk.at('view-changed').tap()
  await is(of(clerk, NEW), 'data-said', 'add')
  await is(of(clerk, '蒋明辉'), 'data-said', 'strike')
  await shows(hook(of(clerk, '田福成'), 'difference'), '七组')
})

step('somebody who was faster is seen, and nothing is lost', async () => {
  await clerk.at('view-todo').tap()
  const town = await Client.login(server.url, 'office')
  const at = `/campaigns/${campaign}/listing/${clear.code}`
  const { items } = await town.ok<{ items: { id: string; head_name: string; version: number }[] }>('GET', at)
  const h = items.find((x) => x.head_name === '曾秀兰')
  await town.ok('PUT', `${at}/proposals/${newId()}`, {
    action: 'confirm',
    household_id: h?.id,
    version: h?.version,
    from_paper: true,
  })
  await hook(of(clerk, '曾秀兰'), 'listing-confirm').tap()
  await clerk.at('view-done').tap()
  await is(hook(of(clerk, '曾秀兰'), 'listing-refused'), 'data-code', 'listing.changed_meanwhile')
  await shows(hook(of(clerk, '曾秀兰'), 'listing-refused'), NAMES.office)
  await hook(of(clerk, '曾秀兰'), 'listing-drop').tap()
  await is(of(clerk, '曾秀兰'), 'data-said', 'confirm')
})

step('the village hands in what is complete', async () => {
  await clerk.at('view-todo').tap()
  await hook(of(clerk, '叶桂英'), 'listing-confirm').tap()
  await expect.poll(() => clerk.at('listing-hand-in').isEnabled()).toBe(true)
  await clerk.at('listing-hand-in').tap()
  await is(clerk.at('listing-state'), 'data-state', 'village')
  await clerk.at('listing-closed').waitFor()
})

step('the township returns one answer with a reason, and the village mends it', async () => {
  office = await Desk.login(browser, server.url, 'office')
  await office.go('listing')
  await is(office.at('listing-state'), 'data-state', 'village')
  await office.row('listing-row', clear.name).getByRole('link').click()
  await count(office.at('proposal'), 3)
  const strike = office.row('proposal', '蒋明辉')
  await hook(strike, 'evidence').waitFor()
  await hook(strike, 'proposal-accept').click()
  await count(office.at('proposal'), 2)
  await hook(office.row('proposal', '田福成'), 'proposal-return').click()
  await office.at('listing-return-note').fill('七组已并入六组')
  await office.at('listing-return-save').click()
  await count(office.at('proposal'), 1)
  expect(await office.at('listing-approve').isDisabled()).toBe(true)
  await office.at('listing-return').click()
  await office.at('listing-return-note').fill('有一户要改')
  await office.at('listing-return-save').click()
  await is(office.at('listing-state'), 'data-state', 'returned')

  await clerk.page.reload()
  await shows(clerk.at('listing-returned-why'), '有一户要改')
  await shows(of(clerk, '田福成'), '七组已并入六组')
  await hook(of(clerk, '田福成'), 'listing-correct').tap()
  await clerk.at('answer-group').fill('六组')
  await clerk.at('answer-save').tap()
  await expect.poll(() => clerk.at('listing-hand-in').isEnabled()).toBe(true)
  await clerk.at('listing-hand-in').tap()
  await is(clerk.at('listing-state'), 'data-state', 'village')
})

step('the township accepts the rest and freezes the roster', async () => {
  await office.page.reload()
  await office.at('listing-approve').click()
  await is(office.at('listing-state'), 'data-state', 'township')
  await office.go('listing')
  await office.at('frozen-open').click()
  await office.at('frozen-nothing').waitFor()
  await office.at('frozen-freeze').click()
  await office.at('frozen-note').fill('清查结束')
  await office.at('frozen-save').click()
  await count(office.at('frozen-entry'), 1)
})

async function digestOnScreen(): Promise<string> {
  return (await office.at('frozen-digest').innerText()).trim()
}
/** What the program computes from the exported file. */
async function digestOfExport(): Promise<string> {
  const href = await office.at('frozen-export').getAttribute('href')
  const answer = await office.context.request.get(server.url + href)
  expect(answer.status()).toBe(200)
  const file = join(folder, 'frozen-roster.txt')
  writeFileSync(file, await answer.body())
  return execFileSync(PROGRAM, ['roster', 'digest', file], { encoding: 'utf8' })
}

step('the digest on the screen is the one that a stranger computes', async () => {
  const digest = await digestOnScreen()
  expect(digest).toMatch(/^[0-9a-f]{64}$/)
  expect(await digestOfExport()).toContain(digest)
})

step('a late change needs a reason, gets a number and a new digest, and stands in the history', async () => {
  const before = await digestOnScreen()
  await office.page.goto(`${address()}/${clear.code}`)
  await office.at('listing-key').click()
  await office.at('view-all').click()
  await hook(of(office, '潘玉珍'), 'listing-correct').click()
  await office.at('answer-phone').fill('1234')
  await is(office.at('answer-missing'), 'data-code', 'late_note')
  await office.at('answer-note').fill('换了电话')
  await office.at('answer-save').click()
  await is(hook(of(office, '潘玉珍'), 'listing-refused'), 'data-code', 'roster.edit_value')
  await hook(of(office, '潘玉珍'), 'listing-mend').click()
  await office.at('answer-phone').fill('00000099')
  await office.at('answer-save').click()
  await shows(hook(of(office, '潘玉珍'), 'difference'), '00000099')
  await office.page.goto(`${address()}/frozen`)
  await count(office.at('frozen-entry'), 2)
  await shows(office.at('frozen-entry').last(), '换了电话')
  const digest = await digestOnScreen()
  expect(digest).not.toBe(before)
  expect(await digestOfExport()).toContain(digest)
  const town = await Client.login(server.url, 'office')
  const { items } = await town.ok<{ items: { id: string }[] }>('GET', `/campaigns/${campaign}/households?q=潘玉珍`)
  await office.page.goto(`${server.url}/c/${campaign}/households/${items[0]?.id}`)
  await shows(office.at('history-event'), '换了电话')
})

step('an import that changes a frozen village asks why', async () => {
  const [first, ...rest] = roster
  if (!first) throw new Error('no household')
  const changed = [{ ...first, group: '九组' }, ...rest]
  await office.page.goto(`${server.url}/c/${campaign}/roster/import`)
  await office.at('roster-file').setInputFiles({
    name: 'roster.xlsx',
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: Buffer.from(rosterFile(changed)),
  })
  await is(office.at('roster-verdict'), 'data-verdict', 'clean')
  expect(await office.at('roster-confirm').isDisabled()).toBe(true)
  await office.at('roster-reason').fill('系统更新')
  await office.at('roster-confirm').click()
  await is(office.at('roster-verdict'), 'data-verdict', 'done')
  await office.page.goto(`${address()}/frozen`)
  await count(office.at('frozen-entry'), 3)
})

step('a merger keeps both villages', async () => {
  await office.go('regions')
  await office.at('merger-new').click()
  await office.at('merger-old').selectOption(clear.code)
  await office.at('merger-new-code').selectOption(VILLAGES[1].code)
  await office.at('merger-day').fill(day(0))
  await office.at('merger-document').fill('示民〔2026〕1号')
  await office.at('merger-save').click()
  await shows(office.at('merger-row'), clear.name)
  await office.go('listing')
  await shows(office.row('listing-row', clear.name), `现属${VILLAGES[1].name}`)
  // The network that was cut, and what was refused on purpose.
  const meant = /ERR_(INTERNET|FAILED)|\b(409|422)\b/
  expect([...clerk.complaints.list, ...office.complaints.list].filter((c) => !meant.test(c))).toEqual([])
})
