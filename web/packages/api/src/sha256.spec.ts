import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { sha256Plain } from './sha256'

it('agrees with the platform at every length around the block borders', () => {
  for (const length of [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 1000, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 131 + length) & 0xff)
    const want = createHash('sha256').update(bytes).digest('hex')
    expect(Buffer.from(sha256Plain(bytes)).toString('hex'), `length ${length}`).toBe(want)
  }
})
