import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/**
 * Tells the service worker what to keep: every file of the build and of public/, and a version that changes when one of them
 * does. The worker has the two words as place holders.
 */
export function workerList(base: string, publicDir: string): Plugin {
  return {
    name: 'ruhu-worker-list',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = bundle['sw.js']
        if (worker?.type !== 'chunk') throw new Error('sw.js is not in the build')
        const digest = createHash('sha256').update(worker.code)
        const files = Object.keys(bundle).filter((f) => f !== 'sw.js' && f !== 'index.html' && !f.endsWith('.map'))
        for (const f of files.sort()) digest.update(f)
        const page = bundle['index.html']
        if (page?.type === 'asset') digest.update(page.source)
        const kept = readdirSync(publicDir).filter((f) => !f.startsWith('.'))
        for (const f of kept) digest.update(readFileSync(`${publicDir}/${f}`))
        // The page by its folder, and once more with the policy for old browsers: a server may redirect index.html, and a worker can't answer with a redirected page.
        const list = JSON.stringify(['', 'compat/', ...files, ...kept].map((f) => base + f))
        const version = JSON.stringify(digest.digest('hex').slice(0, 12))
        const before = worker.code
        worker.code = before
          .replace(/(["'`])__RUHU_FILES__\1/, () => list)
          .replace(/(["'`])__RUHU_VERSION__\1/, () => version)
        if (worker.code.includes('__RUHU_')) throw new Error('sw.js has lost its place holders')
      },
    },
  }
}
