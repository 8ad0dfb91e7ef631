import { expect, it } from 'vitest'
import { addPoint, pointsOf, withoutLast } from './position'

const [a, b, c] = ['27.1 109.1 0 5', '27.2 109.1 0 5', '27.2 109.2 0 5']

it('draws a line point by point', () => {
  const line = [a, b, c].reduce((text, p) => addPoint(text, p, false), '')
  expect(line).toBe(`${a}; ${b}; ${c}`)
  expect(withoutLast(line, false)).toBe(`${a}; ${b}`)
})

it('closes an area when it has three corners, and opens it again', () => {
  const two = addPoint(addPoint('', a, true), b, true)
  expect(two).toBe(`${a}; ${b}`)
  const area = addPoint(two, c, true)
  expect(area).toBe(`${a}; ${b}; ${c}; ${a}`)
  expect(pointsOf(area, true)).toHaveLength(3)
  expect(withoutLast(area, true)).toBe(two)
  expect(withoutLast(withoutLast(two, true), true)).toBe('')
})
