import { expect, it } from 'vitest'
import { newId, sha256 } from './id'

it('makes UUIDs of version 7 that sort by time', () => {
  const a = newId(1_700_000_000_000)
  const b = newId(1_700_000_000_001)
  expect(a).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(a < b).toBe(true)
  expect(newId(1)).not.toBe(newId(1))
})

it('hashes bytes as the server does', async () => {
  expect(await sha256(new TextEncoder().encode('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})
