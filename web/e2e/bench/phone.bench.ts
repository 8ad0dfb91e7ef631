// What the phone app costs a slow phone: the built program and Chromium with its processor slowed down four times and, for the first load, a slow
// network. It prints figures and judges none: budgets and conditions are in docs/benchmarks.md. `npm run bench:phone`.
import { loadavg } from 'node:os'
import { gunzipSync } from 'node:zlib'
import { newId, type FieldAssignment, type SyncManifest, type SyncPull, type SyncPulled } from '@ruhu/api'
import type { Browser, BrowserContext, CDPSession } from 'playwright-core'
import { afterAll, beforeAll, it } from 'vitest'
import { launch, open, PHONE } from '../harness/browser'
import { HOUSEHOLDS } from '../harness/people'
import { Phone } from '../harness/phone'
import { serve, type Server } from '../harness/server'
import { begin, PINS } from '../harness/township'

let server: Server
let browser: Browser
const SLOW = 4

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const sorted = (list: number[]): number[] => [...list].sort((a, b) => a - b)
const part = (list: number[], p: number): number =>
  sorted(list)[Math.min(list.length - 1, Math.floor(list.length * p))] ?? 0
const slowed = async (p: Phone): Promise<CDPSession> => {
  const cdp = await p.context.newCDPSession(p.page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOW })
  return cdp
}

beforeAll(async () => {
  server = await serve()
  await begin(server.url)
  browser = await launch()
  say(`load average ${loadavg()[0]?.toFixed(1)}, processor 1/${SLOW}`)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

it('first load', async () => {
  const { context } = await open(browser, PHONE)
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  const names = new Map<string, string>()
  let engine = 0
  let rest = 0
  await cdp.send('Network.enable')
  cdp.on('Network.responseReceived', (e) => names.set(e.requestId, e.response.url))
  cdp.on('Network.loadingFinished', (e) => {
    if (names.get(e.requestId)?.endsWith('.wasm')) engine += e.encodedDataLength
    else rest += e.encodedDataLength
  })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOW })
  // 400 kbit/s and 400 ms, as browsers call "slow 3G".
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 400,
    downloadThroughput: 50_000,
    uploadThroughput: 50_000,
  })
  const from = performance.now()
  await page.goto(`${server.url}/field/`)
  await page.locator('[data-test="login-submit"]').waitFor({ timeout: 120_000 })
  const ms = performance.now() - from
  await page.waitForLoadState('networkidle', { timeout: 120_000 }).catch(() => undefined)
  say(
    `first load: login on the screen after ${(ms / 1000).toFixed(1)} s at 400 kbit/s; ${Math.round(rest / 1024)} KiB over the network without the engine, engine ${Math.round(engine / 1024)} KiB in that time`,
  )
  await context.close()
})

it('a prefilled form', async () => {
  const phone = await Phone.take(browser, server.url)
  await phone.login('diaocha1')
  await phone.enterPin(PINS.diaocha1)
  await phone.installed()
  const opened: number[] = []
  const answered: number[] = []
  let questions = 0
  for (const [n, h] of [0, 1, 4].entries()) {
    // A household of its own each time: a draft opens where it was left.
    await phone.page.reload()
    await phone.unlock()
    await phone.openHousehold(HOUSEHOLDS[h]?.code ?? '')
    await phone.at('open-form').waitFor()
    const cdp = await slowed(phone)
    opened.push(
      await phone.page.evaluate(async () => {
        const from = performance.now()
        document.querySelector<HTMLElement>('[data-test="open-form"]')?.click()
        while (!document.querySelector('[data-test="page"] h2')) await new Promise((f) => requestAnimationFrame(f))
        return performance.now() - from
      }),
    )
    await phone.onPage('g_household')
    await phone.next()
    await phone.onPage('g_mode')
    answered.push(
      ...(await phone.page.evaluate(async () => {
        const frame = () => new Promise((done) => requestAnimationFrame(done))
        const out: number[] = []
        for (let i = 0; i < 60; i++) {
          // as many as the questionnaire asks
          await new Promise((done) => setTimeout(done, 400)) // the draft of the last one is written
          const want = `[data-test="question"][data-name="mode"] [data-test="choice"][data-value="${i % 2 ? 1 : 2}"]`
          await frame()
          const from = performance.now()
          document.querySelector<HTMLElement>(want)?.click()
          while (!document.querySelector(`${want}.on`)) await new Promise((done) => setTimeout(done))
          // Style, layout and painting of that frame: the next task after it.
          await frame()
          const { port1, port2 } = new MessageChannel()
          await new Promise<void>((done) => ((port1.onmessage = () => done()), port2.postMessage(0)))
          out.push(performance.now() - from)
        }
        return out
      })),
    )
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    if (n === 0) {
      await phone.at('contents').tap()
      await phone.at('index-row').first().waitFor()
      questions = await phone.at('index-row').count()
      await phone.at('contents').tap()
    }
    await phone.at('leave').tap()
    await phone.at('back').tap()
  }
  say(
    `questionnaire A (${questions} pages, prefilled): open after ${Math.round(part(opened, 0.5))} ms (${opened.map(Math.round).join(', ')})`,
  )
  say(
    `an answer: page updated and painted after ${Math.round(part(answered, 0.5))} ms, 95 %: ${Math.round(part(answered, 0.95))} ms (${answered.length} answers)`,
  )
})

/** Makes the five households that the server plans five hundred, on their way to the phone. */
async function many(context: BrowserContext, n: number): Promise<void> {
  const names = '欧阳曾田叶蒋潘余冯邓龙吴'
  let real: FieldAssignment[] = []
  const place = new Map<string, number>()
  await context.route('**/api/v1/field/sync/manifest', async (route) => {
    const response = await route.fetch()
    if (response.status() === 304) return route.fulfill({ response })
    const body = (await response.json()) as SyncManifest
    const pulled = await route.fetch({
      url: route.request().url().replace('manifest', 'pull'),
      method: 'POST',
      headers: { ...route.request().headers(), 'content-type': 'application/json' },
      postData: JSON.stringify({ head: false, assignments: body.assignments.map((a) => a.id) }),
    })
    real = ((await pulled.json()) as SyncPulled).assignments
    for (let i = place.size; i < n; i++) place.set(newId(), i)
    body.assignments = [...place].map(([id, i]) => ({ id, tag: `t${i}` }))
    await route.fulfill({ response, json: body })
  })
  await context.route('**/api/v1/field/sync/pull', async (route) => {
    const sent = route.request().postDataBuffer() ?? Buffer.alloc(0)
    const plain = sent[0] === 0x1f ? gunzipSync(sent) : sent
    const asked = JSON.parse(plain.toString()) as SyncPull
    const headers = { ...route.request().headers() }
    delete headers['content-encoding']
    const response = await route.fetch({ headers, postData: JSON.stringify({ ...asked, assignments: [] }) })
    const body = (await response.json()) as SyncPulled
    body.assignments = asked.assignments.flatMap((id) => {
      const i = place.get(id) ?? 0
      const a = real[i % real.length]
      if (!a) return []
      const head_name = `${names[i % names.length]}${names[(i * 7) % names.length]}${i}`
      return [{ ...a, id, household: { ...a.household, id, code: `99010110${i}`, head_name } }]
    })
    await route.fulfill({ response, json: body })
  })
}

it('a list of 500 households', async () => {
  const prepared = await open(browser, PHONE)
  await many(prepared.context, 500)
  const phone = await Phone.in(prepared, server.url)
  const { page } = phone
  await phone.login('diaocha2')
  await phone.enterPin(PINS.diaocha2)
  await phone.at('household').first().waitFor()
  const all = await phone.at('filter-all').innerText()
  const cdp = await slowed(phone)
  for (const speed of [20, 60]) {
    const gaps = await page.evaluate(async (step) => {
      const frame = () => new Promise<number>((done) => requestAnimationFrame(done))
      scrollTo(0, 0)
      for (let i = 0; i < 30; i++) await frame()
      const out: number[] = []
      let before = await frame()
      for (let i = 0; i < 300; i++) {
        scrollBy(0, step)
        const now = await frame()
        out.push(now - before)
        before = now
      }
      return out
    }, speed)
    const seconds = gaps.reduce((a, b) => a + b, 0) / 1000
    say(
      `${all}, scrolled by ${speed} px a frame: ${(gaps.length / seconds).toFixed(1)} frames a second, 95 %: ${part(gaps, 0.95).toFixed(1)} ms, longest ${Math.max(...gaps).toFixed(0)} ms, over 20 ms ${gaps.filter((g) => g > 20).length} of ${gaps.length}`,
    )
  }
  const took = await page.evaluate(async () => {
    const box = document.querySelector<HTMLInputElement>('[data-test="search"]')
    const out: number[] = []
    for (const text of ['曾', '曾田', '', '龙1', '', '990101103']) {
      const from = performance.now()
      if (box) box.value = text
      box?.dispatchEvent(new Event('input'))
      await new Promise((done) => requestAnimationFrame(done))
      const { port1, port2 } = new MessageChannel()
      await new Promise<void>((done) => ((port1.onmessage = () => done()), port2.postMessage(0)))
      out.push(performance.now() - from)
    }
    return out
  })
  say(
    `a key in its search, painted: median ${part(took, 0.5).toFixed(0)} ms, longest ${Math.max(...took).toFixed(0)} ms`,
  )
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await prepared.context.close()
})
