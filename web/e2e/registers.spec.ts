// Registers: a department's sheet with its own columns is uploaded, a guess corrected, mistakes read, loaded without the broken row; the figures
// are compared, one is settled, the correction list comes in the department's layout, and the same file again changes nothing.
import { readFile } from 'node:fs/promises'
import { newId } from '@ruhu/api'
import { strFromU8, unzipSync } from 'fflate'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { Client } from './harness/api'
import { launch } from './harness/browser'
import { Desk } from './harness/desk'
import { shoot } from './harness/look'
import { day, HOUSEHOLDS, TOWN } from './harness/people'
import { gbk, loadRegister, merged } from './harness/register'
import { count, is, shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { story } from './harness/story'
import { populate } from './harness/township'
import { rosterFile, xlsx } from './harness/workbook'

let server: Server
let browser: Browser
let desk: Desk
let campaign = ''

const people = HOUSEHOLDS.flatMap((h) =>
  h.members.map((m) => ({ ...m, code: h.code, village: h.villageName, size: h.members.length })),
)
const head = HOUSEHOLDS[0]
/** What the national system exports: a title, a header of two rows, sizes under a name of its own, one person too many in the first household. */
const system = merged(
  '导出',
  [
    ['国扶系统导出（测试）', null, null, null, null, null, null],
    ['姓名', '证件号码', '户编号', '与户主关系', '行政村', '家庭情况', null],
    [null, null, null, null, null, '在册', '是否参加基本医保'],
    ...people.map((p) => [
      p.name,
      p.id,
      p.code,
      p.relation,
      p.village,
      String(p.size + Number(p.code === head?.code)),
      '是',
    ]),
    ['田小丫', '9.90101E+17', HOUSEHOLDS[1]?.code ?? '', '之女', '清溪村', '3', '是'],
  ],
  ['A1:G1', 'A2:A3', 'B2:B3', 'C2:C3', 'D2:D3', 'E2:E3', 'F2:G2'],
)
const template = xlsx({ 更正表: [['国扶系统信息更正表'], ['户编号', '户主', '修改项', '原值', '修改后', '审批意见']] })

beforeAll(async () => {
  server = await serve()
  await populate(server.url)
  const office = await Client.login(server.url, 'office')
  campaign = newId()
  const at = `/campaigns/${campaign}`
  await office.ok('PUT', at, { playbook: 'huitoukan', title: '桂溪镇回头看', region_code: TOWN, starts_on: day(-43) })
  await office.ok('POST', `${at}/roster/imports?dry_run=false&name=roster.xlsx`, rosterFile(HOUSEHOLDS))
  await loadRegister(office, campaign, 'household_registry', [
    ['姓名', '公民身份号码', '户号', '与户主关系', '村'],
    ...people.map((p) => [p.name, p.id, `K${p.code}`, p.relation, p.village]),
  ])
  browser = await launch()
  desk = await Desk.login(browser, server.url, 'office')
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

describe('registers', () => {
  const step = story(() => ({ browser, server }))
  const kind = (code: string) => desk.page.locator(`[data-test="register-kind"][data-id="${code}"]`)
  const upload = (code: string, name: string, bytes: Uint8Array) =>
    kind(code)
      .locator('[data-test="register-file"]')
      .setInputFiles({ name, mimeType: '', buffer: Buffer.from(bytes) })
  const figure = () => desk.row('figure-row', head?.members[0]?.name)

  step('columns are guessed from a header of merged cells; what it could not know is chosen', async () => {
    await desk.page.goto(`${server.url}/c/${campaign}/registers`)
    await upload('national', '国扶导出.xlsx', system)
    const size = desk.row('register-column', '在册')
    await size.waitFor()
    await shows(desk.row('register-column', '证件号码'), '按列名')
    expect(await size.locator('select').inputValue()).not.toBe('size')
    await size.locator('select').selectOption('size')
    await shoot(desk.page, 'register-columns-story')
  })

  step('the report says by sheet, row and column what is wrong', async () => {
    await desk.at('register-check').click()
    await is(desk.at('register-verdict'), 'data-verdict', 'errors')
    await shows(desk.at('register-note'), '导出 B13')
    await shows(desk.at('register-note'), '科学')
    expect(await desk.at('register-load').isDisabled()).toBe(true)
    await shoot(desk.page, 'register-report-story')
  })

  step('it is loaded without the broken row, which can be had as a list', async () => {
    await desk.at('register-skip').check()
    await desk.at('register-load').click()
    await shows(desk.at('register-loaded'), `已导入 ${people.length} 行`)
    await shows(desk.at('register-left-out'), '1')
  })

  step('a table in GBK is read as one', async () => {
    await desk.page.goto(`${server.url}/c/${campaign}/registers`)
    const rows = [['参保人', '身份证号', '参保村'], ...people.map((p) => [p.name, p.id, p.village])]
    await upload('medical_insurance', '医保.csv', gbk(rows.map((r) => r.join(',')).join('\r\n')))
    await shows(desk.page.locator('.file'), 'GB')
    await desk.at('register-check').click()
    await is(desk.at('register-verdict'), 'data-verdict', 'clean')
    await desk.at('register-load').click()
    await shows(desk.at('register-loaded'), `已导入 ${people.length} 行`)
  })

  step('the household whose size differs stands on the list, with every value', async () => {
    await desk.go('agreement')
    await desk.at('agreement-field').selectOption('size')
    await count(figure(), 1)
    await shows(figure(), '不一致')
    await shoot(desk.page, 'agreement-story')
    await figure().getByRole('link').click()
    const row = desk.row('compare-row', '家庭人口')
    await shows(row, '4')
    await shoot(desk.page, 'agreement-household-story')
  })

  step('it is settled, against the sources with a reason only', async () => {
    const row = desk.row('compare-row', '家庭人口')
    await row.locator('[data-test="figure-settle"]').click()
    await desk.page.locator('[data-test="settle-source"][data-source="national"]').check()
    expect(await desk.at('settle-save').isDisabled()).toBe(true)
    await desk.page.locator('[data-test="settle-source"][data-source="household_registry"]').check()
    await desk.at('settle-note').fill('查过户口簿，三人')
    await desk.at('settle-save').click()
    await is(row, 'data-state', 'settled')
  })

  step('the correction list comes in the layout of the department', async () => {
    await desk.go('agreement')
    await desk.at('agreement-export').click()
    await desk.at('corrections-register').selectOption('national')
    await desk
      .at('corrections-template')
      .setInputFiles({ name: '表样.xlsx', mimeType: '', buffer: Buffer.from(template) })
    const [file] = await Promise.all([desk.page.waitForEvent('download'), desk.at('corrections-download').click()])
    const parts = unzipSync(await readFile(await file.path()))
    const text = Object.entries(parts)
      .filter(([name]) => name.endsWith('.xml'))
      .map(([, bytes]) => strFromU8(bytes))
      .join('')
    for (const words of ['国扶系统信息更正表', '审批意见', head?.code ?? '', '家庭人口']) expect(text).toContain(words)
  })

  step('the same file with the same columns changes nothing', async () => {
    const office = await Client.login(server.url, 'office')
    const before = await office.ok<unknown>('GET', `/campaigns/${campaign}/agreement/figures?limit=200`)
    await desk.page.goto(`${server.url}/c/${campaign}/registers`)
    await upload('national', '国扶导出.xlsx', system)
    await shows(desk.at('register-loaded'), `已导入 ${people.length} 行`)
    await desk.page.goto(`${server.url}/c/${campaign}/registers`)
    await kind('national').waitFor()
    await count(kind('national').locator('[data-test="register-file-row"]'), 0)
    expect(await office.ok<unknown>('GET', `/campaigns/${campaign}/agreement/figures?limit=200`)).toEqual(before)
    expect(desk.complaints.list).toEqual([])
  })
})
