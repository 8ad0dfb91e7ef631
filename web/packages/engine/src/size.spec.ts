import { existsSync, readFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const wasm = new URL('../dist/ruhu.wasm', import.meta.url)
const budget = 2.5 * 1024 * 1024

/** What a phone fetches once per release, over a village's network. */
describe.skipIf(!existsSync(wasm))('the engine as it is sent', () => {
  const file = existsSync(wasm) ? readFileSync(wasm) : Buffer.alloc(0)

  it('fits in 2.5 MB with gzip, the weaker of the two', () => {
    expect(gzipSync(file, { level: 9 }).length).toBeLessThan(budget)
  }, 60_000)

  it('is smaller with brotli', () => {
    // Quality 5 is quick enough for a test; the build takes the best.
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }
    expect(brotliCompressSync(file, quality).length).toBeLessThan(budget)
  }, 60_000)
})
