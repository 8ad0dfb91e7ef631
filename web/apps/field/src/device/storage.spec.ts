import { afterEach, describe, expect, it, vi } from 'vitest'
import { storageState } from './storage'

afterEach(() => vi.unstubAllGlobals())

function browser(over: Partial<StorageManager>) {
  vi.stubGlobal('navigator', { storage: over })
}
const answers = <T>(v: T) => vi.fn(() => Promise.resolve(v))
const MB = 1024 * 1024

describe('the phone’s storage', () => {
  it('asks the browser to keep it, once it has not promised yet', async () => {
    const persist = answers(true)
    browser({ persisted: answers(false), persist, estimate: answers({ quota: 500 * MB, usage: 100 * MB }) })
    expect(await storageState()).toEqual({ kept: true, known: true, used: 100 * MB, free: 400 * MB, low: false })
    expect(persist).toHaveBeenCalledTimes(1)
    browser({ persisted: answers(true), persist })
    expect((await storageState()).kept).toBe(true)
    expect(persist).toHaveBeenCalledTimes(1)
  })

  it('only looks when it is not to ask', async () => {
    const persist = answers(true)
    browser({ persisted: answers(false), persist })
    expect((await storageState(false)).kept).toBe(false)
    expect(persist).not.toHaveBeenCalled()
  })

  it('warns below 50 MB', async () => {
    browser({ persisted: answers(true), estimate: answers({ quota: 100 * MB, usage: 50 * MB }) })
    expect((await storageState()).low).toBe(false)
    browser({ persisted: answers(true), estimate: answers({ quota: 100 * MB, usage: 50 * MB + 1 }) })
    expect((await storageState()).low).toBe(true)
  })

  it('takes every failure for a no, and warns of nothing that it does not know', async () => {
    const unknown = { kept: false, known: false, used: 0, free: 0, low: false }
    vi.stubGlobal('navigator', {})
    expect(await storageState()).toEqual(unknown)
    browser({
      persisted: () => Promise.reject(new Error('no')),
      estimate: () => Promise.reject(new Error('no')),
    })
    expect(await storageState()).toEqual(unknown)
  })
})
