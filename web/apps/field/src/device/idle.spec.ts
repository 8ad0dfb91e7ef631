// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { beforeLock, holding, IDLE, locked, onLock, touch, unlocked, watchIdle } from './idle'

const forget = vi.fn(() => Promise.resolve())
let mayLock = true

// The watch is for the life of the page: one for all tests, as in the app.
vi.useFakeTimers()
watchIdle(() => mayLock)

beforeEach(() => {
  vi.setSystemTime(new Date('2026-03-02T01:00:00Z'))
  mayLock = true
  forget.mockClear()
  onLock(forget)
  unlocked()
})
afterEach(() => localStorage.clear())

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const tap = () => dispatchEvent(new Event('pointerdown'))

describe('a phone that nobody touches', () => {
  it('locks after five minutes and forgets the key, not before', async () => {
    await pass(IDLE - 15_000)
    expect(locked.value).toBe(false)
    await pass(30_000)
    expect(locked.value).toBe(true)
    expect(forget).toHaveBeenCalledTimes(1)
  })

  it('counts from the last touch', async () => {
    await pass(IDLE - 20_000)
    tap()
    await pass(IDLE - 20_000)
    expect(locked.value).toBe(false)
    await pass(40_000)
    expect(locked.value).toBe(true)
  })

  it('locks at the touch that comes after a sleep in which no timer ran', async () => {
    vi.setSystemTime(Date.now() + IDLE + 1)
    tap()
    await pass(0)
    expect(locked.value).toBe(true)
  })

  it('locks when its clock was set back, instead of staying open', async () => {
    vi.setSystemTime(Date.now() - 3_600_000)
    await pass(15_000)
    expect(locked.value).toBe(true)
  })

  it('does not lock while nobody is logged in', async () => {
    mayLock = false
    await pass(2 * IDLE)
    expect(locked.value).toBe(false)
  })

  it('writes what is open before the key goes, and keeps the key when that fails', async () => {
    const order: string[] = []
    onLock(() => Promise.resolve(void order.push('forget')))
    const done = beforeLock(() => Promise.resolve(order.push('write') > 0))
    await pass(IDLE + 15_000)
    expect([order, holding.value]).toEqual([['write', 'forget'], false])
    done()
    unlocked()
    const full = beforeLock(() => Promise.reject(new Error('full')))
    await pass(IDLE + 15_000)
    expect([locked.value, holding.value, order]).toEqual([true, true, ['write', 'forget']])
    full()
  })

  it('is told by a note that outlives the page', () => {
    touch(Date.now())
    expect(Number(localStorage.getItem('ruhu.field.touched'))).toBe(Date.now())
  })
})
