// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { follow } from './stream'

class FakeSource extends EventTarget {
  static CLOSED = 2
  static made: FakeSource[] = []
  readyState = 1
  constructor(readonly url: string) {
    super()
    FakeSource.made.push(this)
  }
  static get last(): FakeSource {
    const source = FakeSource.made.at(-1)
    if (!source) throw new Error('no stream was opened')
    return source
  }
  close() {
    this.readyState = 2
  }
  say(type: string) {
    this.dispatchEvent(new Event(type))
  }
}
let hidden = false
function look(away: boolean) {
  hidden = away
  document.dispatchEvent(new Event('visibilitychange'))
}

let stop: () => void = () => undefined
beforeEach(() => {
  hidden = false
  FakeSource.made = []
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden)
})
afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

it('reads once at the first event of a burst and once after it', () => {
  const changed = vi.fn()
  stop = follow('/s', changed, () => undefined)
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
  stop = follow('/s', changed, live)
  FakeSource.last.say('open')
  expect(changed).not.toHaveBeenCalled()
  FakeSource.last.say('error')
  FakeSource.last.say('open')
  expect(changed).toHaveBeenCalledTimes(1)
  expect(FakeSource.made).toHaveLength(1)
  expect(live).toHaveBeenLastCalledWith(true)
})

it('opens a new stream some time after the server refused', () => {
  stop = follow(
    '/s',
    () => undefined,
    () => undefined,
  )
  FakeSource.last.readyState = 2
  FakeSource.last.say('error')
  expect(FakeSource.made).toHaveLength(1)
  vi.advanceTimersByTime(10_000)
  expect(FakeSource.made).toHaveLength(2)
})

it('lets go of the connection while nobody looks, and catches up afterwards', () => {
  const changed = vi.fn()
  stop = follow('/s', changed, () => undefined)
  FakeSource.last.say('open')
  look(true)
  expect(FakeSource.last.readyState).toBe(2)
  look(false)
  expect(FakeSource.made).toHaveLength(2)
  FakeSource.last.say('open')
  expect(changed).toHaveBeenCalledTimes(1)
})

it('is quiet after it was stopped', () => {
  const changed = vi.fn()
  stop = follow('/s', changed, () => undefined)
  FakeSource.last.say('progress')
  FakeSource.last.say('progress')
  stop()
  vi.advanceTimersByTime(50_000)
  look(false)
  expect(changed).toHaveBeenCalledTimes(1)
  expect(FakeSource.made).toHaveLength(1)
})
