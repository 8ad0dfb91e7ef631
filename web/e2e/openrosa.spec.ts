// ODK Collect in the place of our phone app: the office makes a key, its code is scanned, the form that comes is filled in with the engine of ODK's own
// web client, and the record stands in the queue of the supervisor.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { Client } from './harness/api'
import { launch } from './harness/browser'
import { Desk } from './harness/desk'
import { hook, is, shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { story } from './harness/story'
import { begin, NAMES } from './harness/township'

interface Node {
  nodeType: string
  currentState: {
    value: unknown
    readonly: boolean
    relevant: boolean
    required: boolean
    valueOptions?: { value: string; label: { asString: string } | null }[]
  }
}
interface Peer {
  load(xml: string, attachments: Record<string, string>): Promise<unknown>
  open(form: unknown): Node
  apply(root: Node, step: { op: string; ref: string; value: string }): unknown
  find(root: Node, ref: string): Node | undefined
  submission(root: Node): Promise<string>
}
const where = '../peer/src/peer.mjs' // JavaScript, and known only at run time
let server: Server
let browser: Browser
let desk: Desk
let campaign: string
let folder: string
let address = ''
let form = ''
let list = ''
let record = ''
const step = story(() => ({ browser, server }))

beforeAll(async () => {
  server = await serve()
  campaign = await begin(server.url)
  browser = await launch()
  folder = mkdtempSync(join(tmpdir(), 'ruhu-openrosa-'))
})

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await browser?.close()
  await server?.stop()
})

const text = async (url: string): Promise<string> => {
  const r = await fetch(url, { headers: { 'X-OpenRosa-Version': '1.0' } })
  expect(r.status).toBe(200)
  return await r.text()
}
const inside = (xml: string, tag: string): string => new RegExp(`<${tag}>([^<]*)`).exec(xml)?.[1] ?? ''

step('the office makes a key, and its code holds the settings', async () => {
  desk = await Desk.login(browser, server.url, 'office')
  await desk.page.goto(`${server.url}/accounts?q=diaocha1`)
  await desk.at('account-clients').first().click()
  await desk.at('client-label').fill('备用机')
  await desk.at('client-make').click()
  await desk.at('client-made').waitFor()
  const qr = (await desk.at('client-qr').getAttribute('src')) ?? ''
  const file = join(folder, 'qr.png')
  writeFileSync(file, Buffer.from(qr.replace(/^data:image\/png;base64,/, ''), 'base64'))
  const read = execFileSync('zbarimg', ['-q', '--raw', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const settings = JSON.parse(inflateSync(Buffer.from(read.trim(), 'base64')).toString('utf8')) as {
    general: { server_url: string }
    project: { name: string }
  }
  address = settings.general.server_url
  expect(settings.project.name).toBe(NAMES.first)
  expect(address).toContain(await desk.at('client-password').innerText())
  await desk.at('client-noted').click()
  await desk.at('client-row').waitFor()
})

step('the form opens in another engine, with the households to choose from', async () => {
  const peer = (await import(/* @vite-ignore */ where)) as Peer
  const forms = await text(`${address}/formList`)
  form = await text(inside(forms, 'downloadUrl'))
  list = await text(inside(await text(inside(forms, 'manifestUrl')), 'downloadUrl'))
  const root = peer.open(await peer.load(form, { 'jr://file-csv/ruhu_households.csv': list }))
  const chosen = '/data/ruhu_visit/household'
  const options = peer.find(root, chosen)?.currentState.valueOptions ?? []
  expect(options.length).toBeGreaterThan(0)
  const household = options[0]
  expect(household?.label?.asString).toContain('·')
  peer.apply(root, { op: 'set', ref: chosen, value: household?.value ?? '' })
  const head = peer.find(root, '/data/g_household/head_name')
  expect(household?.label?.asString).toContain(String(head?.currentState.value))
  expect(String(head?.currentState.value)).not.toBe('')
  expect(head?.currentState.readonly).toBe(true)
  expect(peer.find(root, '/data/g_household/size')?.currentState.readonly).toBe(false)

  // A warning of ours: the income does not add up, or item 11 says no.
  const warned = form.includes('/data/g_q11/q11_ruhu_reason') ? '/data/g_q11/q11' : '/data/g_q1/q1'
  if (warned.endsWith('q11')) peer.apply(root, { op: 'set', ref: warned, value: '2' })
  else {
    for (const [ref, value] of Object.entries({ q1b: '1', q1c: '1', q1: '100' }))
      peer.apply(root, { op: 'set', ref: `/data/g_q1/${ref}`, value })
  }
  expect(peer.find(root, `${warned}_ruhu_warning`)?.currentState.relevant).toBe(true)
  expect(peer.find(root, `${warned}_ruhu_reason`)?.currentState).toMatchObject({ relevant: true, required: true })
  peer.apply(root, { op: 'set', ref: `${warned}_ruhu_reason`, value: '已入户核实' })
  record = await peer.submission(root)
})

step('the record stands in the queue of the supervisor', async () => {
  const body = new FormData()
  body.set('xml_submission_file', new File([record], 'record.xml', { type: 'text/xml' }))
  const r = await fetch(`${address}/submission`, { method: 'POST', body, headers: { 'X-OpenRosa-Version': '1.0' } })
  const answer = await r.text()
  expect(r.status, answer).toBe(201)
  const supervisor = await Client.login(server.url, 'fuhe')
  const queue = async () =>
    await supervisor.ok<{ items: { id: string; state: string; reason: string }[] }>(
      'GET',
      `/campaigns/${campaign}/submissions`,
    )
  await expect.poll(async () => (await queue()).items[0]?.state, { timeout: 20_000 }).toBe('review')
  const id = (await queue()).items[0]?.id
  const sup = await Desk.login(browser, server.url, 'fuhe')
  await sup.page.goto(`${server.url}/c/${campaign}/submissions/${id}`)
  await is(sup.at('submission-state'), 'data-state', 'review')
  await shows(hook(sup.page, 'finding').filter({ hasText: '已入户核实' }).first(), '已入户核实')
})

step('a withdrawn key opens nothing', async () => {
  await desk.at('client-withdraw').click()
  await expect.poll(async () => (await fetch(`${address}/formList`)).status).toBe(401)
})
