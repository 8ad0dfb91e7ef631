import 'fake-indexeddb/auto'
import { expect, it, vi } from 'vitest'
import { openDb } from '../test/make'
import { ahead, clockOffset, noteClock } from './clock'

it('tells by how much the server is ahead, from the middle of the question', () => {
  expect(ahead('1970-01-01T00:01:00.000Z', 1000, 3000)).toBe(58_000)
  expect(ahead('1970-01-01T00:00:00.000Z', 0, 20_000)).toBe(-10_000)
  expect(ahead('1970-01-01T00:00:00.000Z', 0, 20_001)).toBeNull()
  expect(ahead('', 0, 1)).toBeNull()
})

it('keeps it, and does not write for less than a second', async () => {
  const db = await openDb()
  expect([await clockOffset(db), await clockOffset(null)]).toEqual([0, 0])
  await noteClock(db, 5000)
  await noteClock(db, null)
  const written = vi.spyOn(db, 'set')
  await noteClock(db, 5999)
  expect(written).not.toHaveBeenCalled()
  expect(await clockOffset(db)).toBe(5000)
  await noteClock(db, 6000)
  expect(await clockOffset(db)).toBe(6000)
})
