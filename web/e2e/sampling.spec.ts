// A sample is drawn so that a stranger can repeat it: groups → frozen frame with its digest → seed → result → replacement → published
// record, which the program then verifies offline.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@ruhu/api'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Client, makeAccount } from './harness/api'
import { launch, PHONE } from './harness/browser'
import { Desk } from './harness/desk'
import { faults, settle, shoot } from './harness/look'
import { COUNTY, day, idNumber, TOWN, TOWN_2, type Household } from './harness/people'
import { count, shows } from './harness/see'
import { PROGRAM, serve, type Server } from './harness/server'
import { rosterFile } from './harness/workbook'

/** Four villages in each of two townships, 24 households in each village. */
function townships() {
  const regions: { code: string; name: string }[] = [
    { code: COUNTY, name: '示例县' },
    { code: TOWN, name: '桂溪镇' },
    { code: TOWN_2, name: '云门苗族土家族自治示范镇' },
  ]
  const households: Household[] = []
  const kinds = ['未脱贫户', '未脱贫户', '脱贫户', '脱贫户', '脱贫户', '脱贫户', '低保户', '低保户', '重病户', '一般农户', '边缘户', '监测户'] // prettier-ignore
  for (const town of [TOWN, TOWN_2]) {
    for (let v = 1; v <= 4; v++) {
      const code = town.slice(0, 9) + String(200 + v)
      const name = `${town === TOWN ? '东' : '西'}${v}村`
      regions.push({ code, name })
      for (const [i, kind] of [...kinds, ...kinds].entries()) {
        const n = households.length + 1
        const head = { name: `户主${n}`, id: idNumber('1970-01-01', n), relation: '户主', sex: '男', schooling: '' }
        households.push({
          code: `H${String(n).padStart(5, '0')}`,
          village: code,
          villageName: name,
          group: `${i + 1}组`,
          kind,
          exitYear: kind === '脱贫户' ? '2018' : null,
          phone: `100${String(n).padStart(8, '0')}`,
          members: [head],
        })
      }
    }
  }
  return { regions, households }
}

let server: Server
let browser: Browser
let desk: Desk
let campaign = ''
let official: Client
const folder = mkdtempSync(join(tmpdir(), 'ruhu-sample-'))

beforeAll(async () => {
  server = await serve()
  const { regions, households } = townships()
  const admin = await Client.login(server.url, 'admin')
  await admin.ok('PUT', '/regions', { items: regions })
  await makeAccount(admin, { account: 'xian', name: '罗县办', role: 'county_office', region_code: COUNTY })
  await makeAccount(admin, { account: 'cun', name: '袁秀梅', role: 'village', region_code: '990101101201' })
  official = await Client.login(server.url, 'xian')
  campaign = newId()
  const at = `/campaigns/${campaign}`
  await official.ok('PUT', at, { playbook: 'sanfang', title: '第三方评估', region_code: COUNTY, starts_on: day(-3) })
  await official.ok('POST', `${at}/roster/imports?dry_run=false&name=roster.xlsx`, rosterFile(households))
  browser = await launch()
  desk = await Desk.login(browser, server.url, 'xian')
})

afterAll(async () => {
  await desk?.close()
  await browser?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('a sample is drawn', () => {
  it('asks for the groups first and then says what the plan can show', async () => {
    await desk.page.goto(`${server.url}/c/${campaign}/sampling`)
    await desk.at('sample-design').waitFor()
    expect(await desk.at('sample-freeze').isDisabled()).toBe(true)
    const groups = desk.at('sample-group')
    await groups.nth(0).selectOption('key')
    await groups.nth(1).selectOption('other')
    await desk.at('sample-places-save').click()
    await desk.at('sample-outlook').waitFor()
    await shows(desk.at('sample-claim').first(), '149') // what a limit of 2 % needs at least
    expect(await desk.at('sample-claim').first().getAttribute('data-verdict')).toBe('no')
  })

  it('shows the digest before it takes a seed', async () => {
    await desk.at('sample-freeze').click()
    await desk.at('sample-digest').waitFor()
    const digest = (await desk.at('sample-digest').innerText()).trim()
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    await desk.at('sample-seed').fill('03 11 17 24 28 31')
    await desk.at('sample-source').fill('政务大厅公开摇号')
    await desk.at('sample-witnesses').fill('村民代表两人')
    await desk.at('sample-announced').fill('0'.repeat(64))
    await desk.at('sample-draw').click()
    await desk.page.locator('[data-test=error][data-code="sampling.other_frame"]').waitFor()
    await desk.at('sample-announced').fill(digest)
    await desk.at('sample-draw').click()
    await desk.at('sample-result').waitFor()
    await shows(desk.at('sample-seeded'), '03 11 17 24 28 31')
    await count(desk.at('sample-village'), 5) // three of the key township and two of the other
  })

  it('is hidden from the villages until it is published', async () => {
    const village = await Client.login(server.url, 'cun')
    const setup = await official.ok<{ draws: { id: string }[] }>('GET', `/campaigns/${campaign}/sampling`)
    const refused = await village.send('GET', `/draws/${setup.draws[0]?.id ?? ''}`)
    expect(refused.status).toBe(409)
  })

  it('replaces a household that is gone by the next of its class', async () => {
    await desk.at('sample-open').first().click()
    await desk.at('sample-unit').first().waitFor()
    const exited = desk.row('sample-unit', '脱贫户').filter({ has: desk.page.locator('[data-test=sample-replace]') })
    await exited.first().locator('[data-test=sample-replace]').click()
    await desk.at('sample-replace-note').fill('查无此户，村委会证明')
    await desk.at('sample-replace-save').click()
    await desk.at('sample-replace-dialog').waitFor({ state: 'detached' })
    await shows(desk.row('sample-unit', '替补入户'), '脱贫户')
    await desk.at('sample-back').click()
    await shows(desk.at('sample-use'), '查无此户')
  })

  it('publishes a record that the program verifies offline', async () => {
    await desk.at('sample-publish').click()
    await desk.at('sample-published').waitFor()
    const files: string[] = []
    for (const name of ['sample-record', 'sample-frame']) {
      const wait = desk.page.waitForEvent('download')
      await desk.at(name).click()
      const file = join(folder, name)
      await (await wait).saveAs(file)
      files.push(file)
    }
    const [record = '', frame = ''] = files
    const said = execFileSync(PROGRAM, ['sample', 'verify', record, '--frame', frame], { encoding: 'utf8' })
    expect(said).toMatch(/✓.*5 villages/)
    writeFileSync(record, readFileSync(record, 'utf8').replace('03 11 17', '03 11 18'))
    expect(() => execFileSync(PROGRAM, ['sample', 'verify', record, '--frame', frame], { stdio: 'pipe' })).toThrow()
  })

  it('looks right on a desk and on a phone', async () => {
    await settle(desk.page)
    await shoot(desk.page, 'sampling-drawn-desk')
    expect(await faults(desk.page)).toEqual([])
    const phone = await Desk.login(browser, server.url, 'xian', undefined, PHONE)
    await phone.page.goto(`${server.url}/c/${campaign}/sampling`)
    await phone.at('sample-result').waitFor()
    await settle(phone.page)
    await shoot(phone.page, 'sampling-drawn-phone')
    expect(await faults(phone.page)).toEqual([])
    await phone.close()
  })
})
