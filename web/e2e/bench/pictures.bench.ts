// What three hundred photographs that wait on a slow phone cost: handing in a form beside them, and the package with all of them. The built
// program and Chromium with its processor slowed down four times. It prints figures and judges none. `npm run bench:phone`.
import { readFile, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, it } from 'vitest'
import { launch } from '../harness/browser'
import { HOUSEHOLDS } from '../harness/people'
import { Phone } from '../harness/phone'
import { fillQuickly } from '../harness/questionnaire'
import { is } from '../harness/see'
import { serve, type Server } from '../harness/server'
import { begin, PINS } from '../harness/township'

let server: Server
let browser: Browser
const SLOW = 4
const PHOTOS = 300
const SIZE = 450_000

const say = (text: string): void => void process.stdout.write(`${text}\n`)

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

/** The most memory that any page's process has held since `fresh` was called, in MB. */
async function pages(): Promise<{ fresh: () => Promise<void>; most: () => Promise<number> }> {
  const cdp = await browser.newBrowserCDPSession()
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
  const ids = processInfo.filter((p) => p.type === 'renderer').map((p) => p.id)
  const all = <T>(f: (id: number) => Promise<T>): Promise<T[]> => Promise.all(ids.map(f))
  return {
    fresh: async () => void (await all((id) => writeFile(`/proc/${id}/clear_refs`, '5'))),
    most: async () => {
      const kb = await all(async (id) =>
        Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${id}/status`, 'utf8'))?.[1]),
      )
      return Math.round(Math.max(...kb) / 1024)
    },
  }
}

/** Rows as sealed photographs lie on the disk; nobody opens them here. */
function lay(phone: Phone): Promise<void> {
  return phone.page.evaluate(
    async ([n, size]) => {
      const name = (await indexedDB.databases()).find((d) => d.name?.startsWith('ruhu-field-'))?.name ?? ''
      const db = await new Promise<IDBDatabase>((done, fail) => {
        const r = indexedDB.open(name)
        r.onsuccess = () => done(r.result)
        r.onerror = () => fail(r.error ?? new Error('open'))
      })
      for (let i = 0; i < n; i++) {
        const body = new Uint8Array(size)
        for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(body.subarray(at, at + 65_536))
        const k = i.toString(16).padStart(64, '0')
        await new Promise<void>((done, fail) => {
          const t = db.transaction('rows', 'readwrite')
          t.objectStore('rows').put({ t: 'pictures', k, ref: `a${i % 60}`, stamp: i + 1, body })
          t.oncomplete = () => done()
          t.onerror = () => fail(t.error ?? new Error('write'))
        })
      }
      db.close()
    },
    [PHOTOS, SIZE] as const,
  )
}

it(`${PHOTOS} photographs that wait`, async () => {
  const phone = await Phone.take(browser, server.url)
  await phone.login('diaocha1')
  await phone.enterPin(PINS.diaocha1)
  await phone.installed()
  const code = HOUSEHOLDS[0]?.code ?? ''
  await phone.openHousehold(code)
  await phone.at('open-form').tap()
  await phone.online(false)
  await lay(phone)
  await fillQuickly(phone, PINS.diaocha2)
  await phone.at('finish-ok').waitFor()
  await phone.saved()
  const memory = await pages()
  const cdp = await phone.context.newCDPSession(phone.page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOW })

  await memory.fresh()
  const queued = await phone.page.evaluate(async () => {
    const from = performance.now()
    document.querySelector<HTMLElement>('[data-test="finish"]')?.click()
    while (!document.querySelector('[data-test="household-page"][data-state="queued"]'))
      await new Promise((f) => requestAnimationFrame(f))
    return performance.now() - from
  })
  say(
    `${PHOTOS} photographs of ${SIZE / 1000} kB wait: 完成 until "queued" is on the screen ${Math.round(queued)} ms, page at most ${await memory.most()} MB`,
  )

  await phone.at('back').tap()
  await phone.at('to-me').tap()
  await phone.at('to-package').tap()
  await phone.at('export-office').waitFor()
  await memory.fresh()
  const from = performance.now()
  const [download] = await Promise.all([phone.page.waitForEvent('download'), phone.at('export-office').tap()])
  await download.path()
  say(`the package of all of them: ${Math.round(performance.now() - from)} ms, page at most ${await memory.most()} MB`)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await is(phone.at('export-made'), 'role', 'status')
  await phone.context.close()
})
