// Looks at every screen with the fake API at both widths: screenshots into a folder, and what axe finds serious.
//   node apps/console/dev/shots.mjs OUT-DIR [name…]      after `npm run build`
import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { fake } from './fake.mjs'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const [out = 'test-results/console', ...only] = process.argv.slice(2)
mkdirSync(out, { recursive: true })

const types = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.svg': 'image/svg+xml' }
const server = createServer((req, res) => {
  const path = new URL(req.url ?? '/', 'http://x').pathname
  const file = extname(path) ? path : 'index.html'
  try {
    const body = readFileSync(join(dist, file))
    res.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' }).end(body)
  } catch {
    res.writeHead(404).end()
  }
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${server.address().port}`

const screens = [
  ['login', '/login', 'office'],
  ['progress', '/c/c1/progress', 'office'],
  ['progress-empty', '/c/c1/progress', 'empty'],
  ['campaigns', '/campaigns', 'office'],
  ['campaign-create', '/campaigns/new', 'office'],
  ['campaign', '/c/c1/settings', 'office', (p) => p.click('[data-test=stage-start-rectification]')],
  ['roster', '/c/c1/roster', 'office'],
  ['roster-empty', '/c/c1/roster', 'empty'],
  ['roster-broken', '/c/c1/roster', 'broken'],
  ['import', '/c/c1/roster/import', 'office'],
  [
    'import-errors',
    '/c/c1/roster/import',
    'office',
    (p) => p.setInputFiles('[data-test=roster-file]', { name: 'bad.xlsx', mimeType: 'a/b', buffer: Buffer.from('x') }),
  ],
  [
    'import-clean',
    '/c/c1/roster/import',
    'office',
    (p) => p.setInputFiles('[data-test=roster-file]', { name: 'good.xlsx', mimeType: 'a/b', buffer: Buffer.from('x') }),
  ],
  ['household', '/c/c1/households/h1', 'office'],
  ['identity', '/c/c1/identity', 'office', (p) => p.click('[data-test=identity-steps] >> nth=0')],
  ['identity-empty', '/c/c1/identity', 'empty'],
  ['identity-broken', '/c/c1/identity', 'broken'],
  ['identity-queue', '/c/c1/identity/queue', 'office', (p) => p.click('[data-test=pair-same]')],
  ['identity-veto', '/c/c1/identity/queue', 'office', (p) => p.click('[data-test=pair-next]')],
  ['identity-done', '/c/c1/identity/queue', 'empty'],
  ['suspects', '/c/c1/suspects?pair=benefit_unknown', 'office'],
  ['suspect-decide', '/c/c1/suspects', 'office', (p) => p.click('[data-test=suspect-decide] >> nth=1')],
  ['suspects-none', '/c/c1/suspects', 'empty'],
  ['suspects-broken', '/c/c1/suspects', 'broken'],
  ['teams', '/c/c1/teams', 'office', (p) => p.click('[data-test=team-form]')],
  ['team-edit', '/c/c1/teams', 'office', (p) => p.click('[data-test=team-edit] >> nth=0')],
  ['plan', '/c/c1/plan', 'office', (p) => p.click('[data-test=plan-try]')],
  ['plan-empty', '/c/c1/plan', 'empty'],
  ['assignments', '/c/c1/assignments', 'office'],
  ['move', '/c/c1/assignments', 'office', (p) => move(p)],
  ['queue', '/c/c1/submissions', 'office', (p) => p.keyboard.press('j')],
  ['review', '/c/c1/submissions/s1', 'office', (p) => comment(p)],
  ['review-revisions', '/c/c1/submissions/s1', 'office', (p) => p.click('[data-test=view-revisions]')],
  ['problems', '/c/c1/problems', 'office'],
  ['problem', '/c/c1/problems/p2', 'office', (p) => p.click('[data-test=act-reject]')],
  ['problem-create', '/c/c1/problems/new', 'office'],
  ['village-problems', '/c/c1/problems', 'village'],
  ['village-problem', '/c/c1/problems/p1', 'village'],
  ['determinations', '/c/c1/determinations', 'office'],
  ['determinations-none', '/c/c1/determinations', 'empty'],
  ['determinations-broken', '/c/c1/determinations', 'broken'],
  ['determination', '/c/c1/determinations/d1', 'office', (p) => p.check('[data-test=case-holds]')],
  ['suspicion', '/c/c1/households/h1/suspicion', 'office'],
  ['standing', '/c/c1/households/h1/standing', 'office'],
  ['rates', '/c/c1/rates', 'office'],
  ['rates-none', '/c/c1/rates', 'empty'],
  ['village-standings', '/c/c1/village-standings', 'office'],
  ['village-standing', '/c/c1/village-standings?village=430900101204', 'office'],
  ['accounts', '/accounts', 'office'],
  ['account-create', '/accounts', 'office', (p) => p.click('[data-test=account-new]')],
  ['me', '/me', 'office'],
  ['nowhere', '/nix', 'office'],
  [
    'progress-en',
    '/c/c1/progress',
    'office',
    (p) => p.evaluate(() => localStorage.setItem('ruhu.language', 'en')).then(() => p.reload()),
  ],
]
async function move(p) {
  await p.click('[data-test=assignment-move] >> nth=0')
  await p.selectOption('[data-test=move-team]', 't5')
  await p.fill('[data-test=move-reason]', '第三组当天参加培训')
  await p.click('[data-test=move-save]')
}
async function comment(p) {
  await p.click('[data-test=answer] >> nth=1 >> [data-test=comment-open]')
  await p.fill('[data-test=comment-text]', '请核实被褥数量')
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
const failed = []
for (const [width, height] of [
  [1440, 900],
  [390, 844],
]) {
  for (const [name, path, mode, act] of screens) {
    if (only.length > 0 && !only.includes(name)) continue
    const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', hasTouch: width < 500 })
    const page = await context.newPage()
    page.on('pageerror', (e) => failed.push(`${name} ${width}: ${e.message}`))
    page.on('console', (m) => {
      if (m.type() === 'error' && !/Failed to load resource|EventSource/.test(m.text()))
        failed.push(`${name} ${width}: ${m.text()}`)
    })
    await page.route('**/api/v1/**', (route) => {
      const url = new URL(route.request().url())
      if (url.pathname.includes('/files/'))
        return route.fulfill({ path: fileURLToPath(new URL('../public/icon.svg', import.meta.url)) })
      if (url.pathname.endsWith('/stream'))
        return route.fulfill({ status: 200, contentType: 'text/event-stream', body: ': hi\n\n' })
      const answer = fake(route.request().method(), url.pathname, url.searchParams, mode)
      if (!answer) {
        failed.push(`${name}: no fake for ${url.pathname}`)
        return route.fulfill({ status: 404 })
      }
      return route.fulfill({ status: answer[0], contentType: 'application/json', body: JSON.stringify(answer[1]) })
    })
    await page.goto(base + path)
    try {
      await page.waitForSelector('h1', { timeout: 5000 })
      await page.waitForTimeout(300)
      if (act) await act(page)
      await page.waitForTimeout(500)
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      if (wide > 0) failed.push(`${name} ${width}: page is ${wide}px too wide`)
      await page.evaluate(axe)
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
      for (const v of found.violations.filter((x) => x.impact === 'serious' || x.impact === 'critical')) {
        failed.push(
          `${name} ${width}: ${v.id} ${v.nodes
            .slice(0, 3)
            .map((n) => n.html.slice(0, 140))
            .join(' | ')}`,
        )
      }
    } catch (e) {
      failed.push(`${name} ${width}: ${e.message.split('\n').slice(0, 3).join(' ')}`)
    }
    await page.screenshot({ path: join(out, `${name}-${width}.png`) })
    await context.close()
  }
}
await browser.close()
server.close()
for (const f of new Set(failed)) console.log(f)
console.log(failed.length === 0 ? 'all screens fine' : `${failed.length} findings`)
process.exitCode = failed.length === 0 ? 0 : 1
