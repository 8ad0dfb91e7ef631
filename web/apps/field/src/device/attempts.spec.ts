// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { adoptAttempts, rightPin, waiting, wrongPin, wrongSoFar } from './attempts'

beforeEach(() => localStorage.clear())

describe('wrong PINs', () => {
  it('make one wait from the fifth on, longer each time, an hour at most', () => {
    const waits = Array.from({ length: 14 }, () => {
      wrongPin('a', 0)
      return waiting('a', 0)
    })
    expect(waits).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
  })

  it('make one wait no longer when the clock of the phone was set back', () => {
    const year = 365 * 86_400_000
    for (let i = 0; i < 6; i++) wrongPin('a', year)
    expect(waiting('a', year + 20_000)).toBe(40)
    expect(waiting('a', 0)).toBe(60)
    expect(waiting('a', 59_000)).toBe(1)
    expect(waiting('a', 60_000)).toBe(0)
  })

  it('are forgotten after a right one', () => {
    for (let i = 0; i < 6; i++) wrongPin('a', 0)
    rightPin('a')
    expect(waiting('a', 0)).toBe(0)
  })

  it('are counted for each account by itself', () => {
    for (let i = 0; i < 6; i++) wrongPin('a', 0)
    expect([waiting('a', 0), waiting('b', 0), wrongSoFar('b')]).toEqual([60, 0, 0])
    rightPin('b')
    expect(wrongSoFar('a')).toBe(6)
  })

  it('of the release before are those of the only account that it knew', () => {
    localStorage.setItem('ruhu.field.attempts', JSON.stringify({ wrong: 7, at: 0 }))
    adoptAttempts('a')
    adoptAttempts('b')
    expect([wrongSoFar('a'), wrongSoFar('b')]).toEqual([7, 0])
  })
})
