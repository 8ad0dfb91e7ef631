import { describe, expect, it } from 'vitest'
import { Link } from './link'

describe('the size of a piece', () => {
  it('grows on a good link, at most twofold at a time, and stops at its limit', () => {
    const link = new Link()
    const sizes = Array.from({ length: 6 }, () => {
      link.went(link.size, 10)
      return link.size
    })
    expect(sizes).toEqual([32, 64, 128, 256, 256, 256].map((k) => k << 10))
  })

  it('settles where one takes six seconds', () => {
    const link = new Link()
    for (let i = 0; i < 5; i++) link.went(link.size, (link.size / 2500) * 1000) // 20 kbit/s
    expect(link.size).toBe(15_000)
  })

  it('halves when it breaks off, but stays large enough to be worth a round trip', () => {
    const link = new Link()
    link.broke()
    expect(link.size).toBe(8 << 10)
    for (let i = 0; i < 9; i++) link.broke()
    expect(link.size).toBe(2 << 10)
  })

  it('learns nothing from a request that was too small to tell', () => {
    const link = new Link()
    link.went(100, 60_000)
    expect(link.size).toBe(16 << 10)
  })
})
