import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'

const RESULTS = fileURLToPath(new URL('../../test-results/', import.meta.url))

/** Has Chromium pretend to have a microphone and a camera, for those who may use them; the camera shows a file (mjpeg). */
export const pretended = (shows?: string): string[] => [
  '--use-fake-device-for-media-stream',
  ...(shows ? [`--use-file-for-fake-video-capture=${shows}`] : []),
]

/** Chromium as the machine has it. RUHU_CHROMIUM names another one. */
export function launch(...more: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.RUHU_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-domain-reliability',
      '--no-first-run',
      ...more,
    ],
  })
}

export const DESK: BrowserContextOptions = {
  viewport: { width: 1440, height: 900 },
  locale: 'zh-CN',
  timezoneId: 'Asia/Shanghai',
  reducedMotion: 'reduce',
}
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  locale: 'zh-CN',
  timezoneId: 'Asia/Shanghai',
  reducedMotion: 'reduce',
}

/** What a page complained about: console errors and uncaught exceptions; and whom it asked that is not our server. */
export interface Complaints {
  list: string[]
}

/** A context whose pages note what they complain about. */
export async function open(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<{ context: BrowserContext; complaints: Complaints }> {
  const context = await browser.newContext(options)
  context.setDefaultTimeout(20_000)
  const complaints: Complaints = { list: [] }
  // Neither app ever asks anybody else, not even for a font. Requests of the service worker are seen here, too.
  context.on('request', (r) => {
    if (!/^(https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/|blob:|data:)/.test(r.url()))
      complaints.list.push(`a foreign host: ${r.url()}`)
  })
  context.on('page', (page) => {
    page.on('console', (m) => {
      // Before the login the console asks who is logged in; that the answer is "nobody" is no mistake.
      const { url } = m.location()
      if (url.endsWith('/api/v1/me') && m.text().includes('401')) return
      if (m.type() === 'error') complaints.list.push(`${new URL(page.url()).pathname}: ${m.text()} ${url}`)
    })
    page.on('pageerror', (e) => complaints.list.push(`${page.url()}: ${e.stack ?? e.message}`))
  })
  return { context, complaints }
}

/** Ends the page's process at once, as a phone out of memory does: nothing in the page runs any more. */
export async function kill(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  const crashed = new Promise((done) => page.once('crash', done))
  cdp.send('Page.crash').catch(() => undefined) // its answer never comes
  await crashed
  await page.close()
}

/** Pictures of everything that is open, for a failed test. */
export async function pictures(name: string, browser: Browser): Promise<void> {
  mkdirSync(RESULTS, { recursive: true })
  let n = 0
  for (const context of browser.contexts()) {
    for (const page of context.pages()) {
      const path = `${RESULTS}${name.replace(/[^\p{L}\p{N}]+/gu, '-')}-${++n}.png`
      await page.screenshot({ path, fullPage: true, timeout: 10_000 }).catch(() => undefined)
    }
  }
}
