import { expect, it } from 'vitest'
import { fit } from './photo'

it.each([
  [4000, 3000, 1600, 1200],
  [3000, 4000, 1200, 1600],
  [800, 600, 800, 600],
  [9000, 3, 1600, 1],
])('a picture of %i × %i is stored as %i × %i', (w, h, width, height) => {
  expect(fit(w, h)).toEqual({ width, height })
})
