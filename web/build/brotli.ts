import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import type { Plugin } from 'vite'

/** Smaller answers gain nothing; pictures and fonts are compressed already. */
const WORTH = 1400
const KINDS = /\.(js|css|html|wasm|json|svg|webmanifest)$/

/**
 * Lays NAME.br beside each file of the build that shrinks: the server hands it to browsers that take brotli. At the highest level the form engine
 * takes a quarter of a minute and becomes a third smaller than with gzip, so what was compressed is kept by its digest for the next build.
 */
export function brotli(): Plugin {
  let dist = ''
  return {
    name: 'ruhu-brotli',
    apply: 'build',
    enforce: 'post',
    configResolved: (c) => void (dist = join(c.root, c.build.outDir)),
    closeBundle() {
      for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
        if (!KINDS.test(name)) continue
        const plain = readFileSync(join(dist, name))
        const small = plain.length < WORTH ? plain : compressed(plain)
        if (small.length < plain.length * 0.9) writeFileSync(join(dist, `${name}.br`), small)
      }
    },
  }
}

const KEPT = fileURLToPath(new URL('../node_modules/.cache/ruhu-brotli/', import.meta.url))

function compressed(plain: Buffer): Buffer {
  const kept = KEPT + createHash('sha256').update(plain).digest('hex')
  try {
    return readFileSync(kept)
  } catch {
    const small = brotliCompressSync(plain, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      },
    })
    mkdirSync(KEPT, { recursive: true })
    writeFileSync(kept, small)
    return small
  }
}
