import { expect, it } from 'vitest'
import { bearingOf } from './compass'

it.each([
  [0, 0],
  [90, 270],
  [270.04, 90],
  [359.97, 0],
  [360, 0],
])('reads an alpha of %d as the bearing %d', (alpha, want) => {
  expect(bearingOf(alpha)).toBe(want)
})
