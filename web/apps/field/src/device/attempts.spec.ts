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

  it('are forgotten after a right one', () => {
    for (let i = 0; i < 6; i++) wrongPin(0)
    rightPin()
    expect(waiting(0)).toBe(0)
  })
})
