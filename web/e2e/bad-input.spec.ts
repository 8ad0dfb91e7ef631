// What people send by mistake or on purpose: each gets a sentence in Chinese with a stable code, nothing changes, and the program goes
// on. The parsers have tests and fuzz targets of their own; this is what a person at a screen is told.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@ruhu/api'
import { strToU8, zipSync } from 'fflate'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Client } from './harness/api'
import { launch } from './harness/browser'
import { Desk } from './harness/desk'
import { HOUSEHOLDS } from './harness/people'
import { is, shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { begin } from './harness/township'
import { packXlsx, rosterRows, rowsXml, SHEET, sheetXml } from './harness/workbook'

const CHINESE = /[\u4e00-\u9fff]/

let server: Server
let browser: Browser
let campaign: string
let office: Client
let before: string
const folder = mkdtempSync(join(tmpdir(), 'ruhu-bad-'))

/** Everything the office can see of the campaign. */
async function state(): Promise<string> {
  const at = `/campaigns/${campaign}`
  const parts = await Promise.all(
    ['/households?limit=100', '/teams', '/plan', '/assignments?limit=100', '/problems', '/roster/imports', ''].map(
      (path) => office.ok('GET', at + path),
    ),
  )
  return JSON.stringify(parts)
}

beforeAll(async () => {
  server = await serve()
  campaign = await begin(server.url)
  office = await Client.login(server.url, 'office')
  before = await state()
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const good = () => sheetXml(rosterRows(HOUSEHOLDS))
const BOMB = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "${'哈'.repeat(100)}">${[...'bcdefghi']
  .map((c, i) => `<!ENTITY ${c} "${`&${'abcdefgh'[i]};`.repeat(10)}">`)
  .join('')}]>`

/** A million rows without a cell, as a column formatted to the end of the sheet leaves them. */
function emptyRows(): string {
  let rows = ''
  for (let y = 200; y < 1_000_200; y++) rows += `<row r="${y}"/>`
  return rows
}

/** A cell of row 3 whose value is a formula's. */
const formula = (value: string) =>
  good().replace(/<c r="H3"[^>]*>.*?<\/c>/, `<c r="H3"><f>COUNTA(L3:L5)</f>${value}</c>`)

describe('the office chooses a file that is no roster', () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await Desk.login(browser, server.url, 'office')
    await desk.page.goto(`${server.url}/c/${campaign}/roster/import`)
  })
  afterAll(() => desk?.close())

  async function choose(bytes: Uint8Array): Promise<void> {
    const path = join(folder, 'roster.xlsx')
    writeFileSync(path, bytes)
    await desk.at('roster-file').setInputFiles(path)
  }

  it.each<[string, string, () => Uint8Array]>([
    ['a text', 'roster.xlsx_kind', () => strToU8('户编号,户主姓名\n1,张三')],
    [
      'an old .xls',
      'roster.xlsx_kind',
      () => new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 1, 2, 3]),
    ],
    ['half a workbook', 'sheet.broken', () => packXlsx({ [SHEET]: good() }).slice(0, 900)],
    ['a zip of something else', 'sheet.broken', () => zipSync({ 'photo.jpg': strToU8('not a workbook') })],
    ['a sheet that breaks off', 'sheet.broken', () => packXlsx({ [SHEET]: good().slice(0, 1500) })],
    [
      'a workbook with an XML bomb',
      'sheet.broken',
      () =>
        packXlsx({
          [SHEET]: BOMB + rowsXml('<row r="1"><c r="A1" t="str"><v>&i;</v></c></row>').replace(/<\?xml.*?\?>/, ''),
        }),
    ],
    [
      'a sheet that unpacks to 200 MB',
      'sheet.unzipped',
      () => packXlsx({ [SHEET]: good().replace('</sheetData>', '</sheetData>' + ' '.repeat(200 << 20)) }),
    ],
    ['a file of 50 MB', 'web.too_large', () => new Uint8Array(50 << 20).fill(0x50)],
  ])('%s → %s', async (_, code, make) => {
    await choose(make())
    await is(desk.at('error'), 'data-code', code)
    expect(await desk.at('error').innerText()).toMatch(CHINESE)
    expect(await desk.at('roster-confirm').count()).toBe(0)
    expect(await state()).toBe(before)
  })

  it('a million empty rows are no mistake', async () => {
    await choose(packXlsx({ [SHEET]: good().replace('</sheetData>', emptyRows() + '</sheetData>') }))
    await is(desk.at('roster-verdict'), 'data-verdict', 'clean')
    await shows(desk.at('fact-households_same'), '5')
  })

  it('a formula that was calculated is taken with a warning', async () => {
    await choose(packXlsx({ [SHEET]: formula('<v>3</v>') }))
    await is(desk.at('roster-verdict'), 'data-verdict', 'clean')
    await desk.at('report-warnings').click()
    await shows(desk.row('report-row', 'H3'), '公式')
  })

  it('a formula that never was is a mistake, by its cell', async () => {
    await choose(packXlsx({ [SHEET]: formula('') }))
    await is(desk.at('roster-verdict'), 'data-verdict', 'errors')
    await shows(desk.row('report-row', 'H3'), '公式')
  })

  it('a village of another county is a mistake, by its cell', async () => {
    const rows = rosterRows(HOUSEHOLDS)
    if (rows[2]) rows[2][3] = '990202101201'
    await choose(packXlsx({ [SHEET]: sheetXml(rows) }))
    await is(desk.at('roster-verdict'), 'data-verdict', 'errors')
    await desk.row('report-row', 'D3').first().waitFor()
    expect(await state()).toBe(before)
  })
})

describe('somebody types an address that is not theirs', () => {
  it.each([
    ['an unknown campaign', () => `/c/${newId()}/progress`, 'survey.not_found'],
    ['an unknown household', () => `/c/${campaign}/households/${newId()}`, 'roster.no_household'],
    ['an unknown form', () => `/c/${campaign}/submissions/${newId()}`, 'submission.not_found'],
    ['an unknown problem', () => `/c/${campaign}/problems/${newId()}`, 'ledger.not_found'],
    ['no id at all', () => `/c/${campaign}/households/%E6%9D%91`, 'id.malformed'],
  ])('%s', async (_, path, code) => {
    const desk = await Desk.login(browser, server.url, 'office')
    await desk.page.goto(server.url + path())
    await is(desk.at('error'), 'data-code', code)
    expect(await desk.at('error').first().innerText()).toMatch(CHINESE)
    await desk.close()
  })

  it("another township's campaign, household and roster are as if they were not there", async () => {
    const household = (await office.ok<{ items: { id: string }[] }>('GET', `/campaigns/${campaign}/households`))
      .items[0]?.id
    const desk = await Desk.login(browser, server.url, 'office2')
    for (const [path, code] of [
      [`/c/${campaign}/progress`, 'survey.not_found'],
      [`/c/${campaign}/households/${household}`, 'roster.no_household'],
      [`/c/${campaign}/roster`, 'survey.not_found'],
    ] as const) {
      await desk.page.goto(server.url + path)
      await is(desk.at('error'), 'data-code', code)
    }
    await desk.close()
    const other = await Client.login(server.url, 'office2')
    for (const [method, path, body] of [
      ['POST', `/campaigns/${campaign}/plan`, { from: '2026-01-01', to: '2026-01-02', dry_run: false }],
      ['POST', `/campaigns/${campaign}/stage`, { stage: 'rectification' }],
      ['POST', `/campaigns/${campaign}/teams/form`, {}],
    ] as const) {
      expect((await other.send(method, path, body)).status, path).toBe(404)
    }
    expect(await state()).toBe(before)
  })

  it('an account for another county cannot be made', async () => {
    const admin = await Client.login(server.url, 'admin')
    const r = await admin.send('PUT', `/accounts/${newId()}`, {
      account: 'far',
      name: '某人',
      role: 'township_office',
      region_code: '990202101000',
      home_village: '',
      from_county: false,
      unit: '',
      disabled: false,
      password: 'long-enough-2026',
    })
    expect([403, 404, 422]).toContain(r.status)
    expect(((await r.json()) as { detail: string }).detail).toMatch(CHINESE)
  })
})

describe('what arrives is not what was asked for', () => {
  it.each<[string, string, string, unknown, number, string]>([
    ['a number for a text', 'POST', '/session', { account: 1, password: 'x' }, 422, 'web.json'],
    ['an unknown key', 'POST', '/session', { account: 'a', password: 'b', admin: true }, 422, 'web.json'],
    ['no JSON', 'POST', '/session', '{"account":', 422, 'web.json'],
    ['a body of 50 MB', 'POST', '/session', ' '.repeat(50 << 20), 413, 'web.too_large'],
  ])('%s', async (_, method, path, body, status, code) => {
    const r = await new Client(server.url).send(method, path, body, 'application/json')
    const problem = (await r.json()) as { code: string; detail: string; request_id: string }
    expect([r.status, problem.code]).toEqual([status, code])
    expect(problem.detail).toMatch(CHINESE)
    expect(problem.request_id).not.toBe('')
  })

  it('a form that cannot be read is kept, set apart and shown to the office', async () => {
    const phone = await Client.login(server.url, 'diaocha1')
    const pack = await phone.ok<{ assignments: { id: string; form_hash: string }[] }>('GET', '/field/package')
    const a = pack.assignments[0]
    const to = `/field/submissions?assignment=${a?.id}&form=${a?.form_hash}&base=0`
    for (const body of [`${BOMB}<data>&i;</data>`, '<data><q1>', 'not a form at all', '<a>'.repeat(200_000)]) {
      const receipt = await phone.ok<{ state: string }>('POST', to, body, 'text/xml')
      expect(receipt.state, body.slice(0, 20)).toBe('quarantined')
    }
    const empty = await phone.send('POST', to, '', 'text/xml')
    expect(empty.status).toBe(422)
    const desk = await Desk.login(browser, server.url, 'office')
    await desk.page.goto(`${server.url}/c/${campaign}/submissions?state=quarantined`)
    await expect.poll(() => desk.row('submission-row').count()).toBe(4)
    expect(await desk.row('submission-row').first().innerText()).toMatch(CHINESE)
    await desk.close()
    expect(await state()).toBe(before)
  })

  it('the program still answers', async () => {
    expect((await fetch(server.url + '/readyz')).status).toBe(200)
    expect(server.log()).not.toMatch(/panic|level=ERROR/)
  })
})
