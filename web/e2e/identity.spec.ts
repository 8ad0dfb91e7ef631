// Who is who: registers are linked when they come in, a clerk decides on the doubtful link, a second clerk is not overruled unnoticed,
// and a person whom the national system lacks becomes a suspect whose household is visited; the village sees none of it.
import { newId } from '@ruhu/api'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { Client } from './harness/api'
import { launch } from './harness/browser'
import { Desk } from './harness/desk'
import { shoot } from './harness/look'
import { day, HOUSEHOLDS, TOWN } from './harness/people'
import { loadRegister } from './harness/register'
import { shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { story } from './harness/story'
import { populate } from './harness/township'
import { rosterFile } from './harness/workbook'

let server: Server
let browser: Browser
let desk: Desk
let campaign = ''

const people = HOUSEHOLDS.flatMap((h) => h.members.map((m) => ({ ...m, code: h.code, village: h.village })))
const [missed, other] = people.filter((p) => p.id !== '')

beforeAll(async () => {
  server = await serve()
  await populate(server.url)
  const office = await Client.login(server.url, 'office')
  campaign = newId()
  const at = `/campaigns/${campaign}`
  await office.ok('PUT', at, { playbook: 'huitoukan', title: '桂溪镇回头看', region_code: TOWN, starts_on: day(-43) })
  await office.ok('POST', `${at}/roster/imports?dry_run=false&name=roster.xlsx`, rosterFile(HOUSEHOLDS))
  if (!missed || !other) throw new Error('the township has too few people')
  const registry = people.filter((p) => p.id !== '')
  await loadRegister(office, campaign, 'household_registry', [
    ['姓名', '公民身份号码', '户号', '与户主关系', '村'],
    ...registry.map((p) => [p.name, p.id, `K${p.code}`, p.relation, p.village]),
  ])
  await loadRegister(office, campaign, 'national', [
    ['姓名', '证件号码', '户编号', '与户主关系', '村'],
    ...registry.filter((p) => p !== missed).map((p) => [p.name, p.id, `N${p.code}`, p.relation, p.village]),
  ])
  // One whom the national system lacks, and one under somebody else's number.
  await loadRegister(office, campaign, 'civil_affairs', [
    ['姓名', '身份证号', '家庭编号', '村'],
    [missed.name, missed.id, 'D1', missed.village],
    ['欧阳玥', other.id, 'D2', other.village],
  ])
  browser = await launch()
  desk = await Desk.login(browser, server.url, 'office')
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

describe('who is who', () => {
  const step = story(() => ({ browser, server }))
  const register = (kind: string) => desk.page.locator(`[data-test="identity-row"][data-id="${kind}"]`)

  step('registers are linked when they come in, and tell on what grounds', async () => {
    await desk.page.goto(`${server.url}/c/${campaign}/identity`)
    await register('civil_affairs').locator('[data-test="identity-review"]').waitFor()
    await register('national').locator('[data-test="identity-steps"]').click()
    await shows(desk.at('identity-result'), '证件号码相同，姓名相符')
    await shoot(desk.page, 'identity-story')
  })

  step('the doubtful link waits with both records side by side', async () => {
    await register('civil_affairs').locator('[data-test="identity-review"]').click()
    await shows(desk.at('pair-why'), '证件号码相同，但姓名不符')
    const name = desk.page.locator('[data-test="pair-row"][data-field="name"]')
    await shows(name, '欧阳玥')
    await shows(name, other?.name ?? '')
    expect(await name.locator('[data-test="diff-mark"]').count()).toBeGreaterThan(0)
  })

  step('a clerk who looks at an old page is told who was quicker', async () => {
    const second = await Desk.login(browser, server.url, 'office')
    await second.page.goto(`${server.url}/c/${campaign}/identity/queue`)
    await second.at('pair').waitFor()
    await desk.page.keyboard.press('d')
    await shows(desk.at('empty'), '没有待核对的对应')
    await second.at('pair-same').click()
    await second.at('error').waitFor()
    expect(await second.at('error').getAttribute('data-code')).toBe('match.decided')
    await second.at('pair-reload').click()
    await shows(second.at('empty'), '没有待核对的对应')
    await second.close()
  })

  step('the decision can be found, and taken back with a reason', async () => {
    await desk.at('state-rejected').click()
    await desk.at('pair').waitFor()
    expect(await desk.at('pair-same').isDisabled()).toBe(true)
    await desk.at('pair-reason').fill('户口簿上改过名')
    await desk.at('pair-same').click()
    await desk.at('state-confirmed').click()
    await shows(desk.page.locator('article'), '户口簿上改过名')
  })

  step('whom the national system lacks is a suspect; the household gets its tag', async () => {
    await desk.page.goto(`${server.url}/c/${campaign}/suspects?pair=benefit_unknown`)
    await shows(desk.at('suspect-caveat'), '只是疑点，不是认定')
    const row = desk.row('suspect-row', missed?.name)
    await row.waitFor()
    await row.locator('[data-test="suspect-decide"]').click()
    await desk.at('suspect-reason').fill('低保户未纳入，需核实')
    await shoot(desk.page, 'suspect-story')
    await desk.at('suspect-visit').click()
    await shows(row, '需入户')
    const office = await Client.login(server.url, 'office')
    const { items } = await office.ok<{ items: { code: string; tags: string[] }[] }>(
      'GET',
      `/campaigns/${campaign}/households?q=${missed?.code}`,
    )
    expect(items.find((h) => h.code === missed?.code)?.tags).toContain('suspect_missed')
    const file = await office.send('GET', `/campaigns/${campaign}/suspects.xlsx?pair=benefit_unknown`)
    expect([file.status, (await file.arrayBuffer()).byteLength > 2000]).toEqual([200, true])
  })

  step('the village sees neither links nor suspects', async () => {
    const village = await Desk.login(browser, server.url, 'qingxi')
    expect((await village.at('menu-suspects').count()) + (await village.at('menu-identity').count())).toBe(0)
    for (const screen of ['identity', 'identity/queue', 'suspects']) {
      await village.page.goto(`${server.url}/c/${campaign}/${screen}`)
      await village.at('nowhere-home').waitFor()
    }
    await village.close()
    expect(desk.complaints.list.filter((c) => !c.includes('409'))).toEqual([])
  })
})
