import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { follow } from './stream'

class FakeSource extends EventTarget {
  static last: FakeSource
  closed = false
  constructor(readonly url: string) {
    super()
    FakeSource.last = this
  }
  close() {
    this.closed = true
  }
  say(type: string) {
    this.dispatchEvent(new Event(type))
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('reads once at the first event of a burst and once after it', () => {
  const changed = vi.fn()
  follow('/s', changed, () => undefined)
  for (let i = 0; i < 5; i++) FakeSource.last.say('progress')
  expect(changed).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(1000)
  expect(changed).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(5000)
  expect(changed).toHaveBeenCalledTimes(2)
})

it('reads again after the connection was lost and found', () => {
  const changed = vi.fn()
  const live = vi.fn()
  follow('/s', changed, live)
  FakeSource.last.say('open')
  expect(changed).not.toHaveBeenCalled()
  FakeSource.last.say('error')
  FakeSource.last.say('open')
  expect(changed).toHaveBeenCalledTimes(1)
  expect(live.mock.calls.flat()).toEqual([true, false, true])
})

it('is quiet after it was stopped', () => {
  const changed = vi.fn()
  const stop = follow('/s', changed, () => undefined)
  FakeSource.last.say('progress')
  FakeSource.last.say('progress')
  stop()
  vi.advanceTimersByTime(5000)
  expect(changed).toHaveBeenCalledTimes(1)
  expect(FakeSource.last.closed).toBe(true)
})
