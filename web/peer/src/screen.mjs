// How soon the first form is on the screen of a slow phone: Debian's Chromium with its processor slowed down four times, nothing
// cached, over the built engine. `npm run bench:screen` prints milliseconds from the start of navigation.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { brotliCompressSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { build as bundle } from 'vite'
import { build, start } from './ours.mjs'

const here = (path) => new URL(path, import.meta.url).pathname
const engine = start(build())
const { xml } = await engine.ask({ op: 'sized', kind: 'survey', n: 60, m: 1 })
engine.stop()

const output = await bundle({
  configFile: false,
  logLevel: 'error',
  build: {
    write: false,
    target: 'chrome85',
    modulePreload: false,
    rollupOptions: { input: here('./screen.page.mjs'), preserveEntrySignatures: 'allow-extension' },
  },
})
const files = {
  '/': ['text/html', '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body></body>'],
  '/form.xml': ['text/xml', xml],
  '/ruhu.wasm': ['application/wasm', readFileSync(here('../../packages/engine/dist/ruhu.wasm'))],
}
for (const f of [output].flat().flatMap((o) => o.output)) {
  files[`/${f.fileName}`] = ['text/javascript', f.code ?? f.source]
  if (f.isEntry) files['/'][1] += `<script type="module" src="/${f.fileName}"></script>`
}
for (const k of Object.keys(files)) files[k][1] = brotliCompressSync(files[k][1])

const server = createServer((q, r) => {
  const [type, body] = files[q.url] ?? []
  if (!type) return r.writeHead(404).end()
  return r.writeHead(200, { 'content-type': type, 'content-encoding': 'br' }).end(body)
}).listen(0, '127.0.0.1')
await new Promise((done) => server.on('listening', done))

const browser = await chromium.launch({
  executablePath: process.env.RUHU_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
for (const rate of [1, 4]) {
  const runs = []
  for (let i = 0; i < 5; i++) {
    const context = await browser.newContext()
    const page = await context.newPage()
    page.on('pageerror', (e) => console.error(e))
    const cdp = await context.newCDPSession(page)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate })
    await page.goto(`http://127.0.0.1:${server.address().port}/`)
    runs.push(await (await page.waitForFunction(() => window.marks, undefined, { timeout: 60000 })).jsonValue())
    await context.close()
  }
  const middle = (k) => runs.map((m) => m[k]).sort((a, b) => a - b)[2]
  console.log(
    `processor 1/${rate}: engine ready ${middle('engine')} ms, form open ${middle('form')} ms, ${runs[0].questions} questions on screen ${middle('screen')} ms (median of 5, nothing cached)`,
  )
}
await browser.close()
server.close()
