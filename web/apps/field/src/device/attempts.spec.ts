// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { rightPin, waiting, wrongPin } from './attempts'

beforeEach(() => localStorage.clear())

describe('wrong PINs', () => {
  it('make one wait from the fifth on, longer each time, an hour at most', () => {
    const waits = Array.from({ length: 14 }, () => {
      wrongPin(0)
      return waiting(0)
    })
    expect(waits).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
  })

  it('make one wait no longer when the clock of the phone was set back', () => {
    const year = 365 * 86_400_000
    for (let i = 0; i < 6; i++) wrongPin(year)
    expect(waiting(year + 20_000)).toBe(40)
    expect(waiting(0)).toBe(60)
    expect(waiting(59_000)).toBe(1)
    expect(waiting(60_000)).toBe(0)
  })

  it('are forgotten after a right one', () => {
    for (let i = 0; i < 6; i++) wrongPin(0)
    rightPin()
    expect(waiting(0)).toBe(0)
  })
})
