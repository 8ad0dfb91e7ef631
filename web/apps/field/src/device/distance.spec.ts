import { expect, it } from 'vitest'
import { distance, isFar, roughly } from './distance'

it.each<[string, [number, number], [number, number], number]>([
  ['one degree of latitude', [27, 109], [28, 109], 111_195],
  ['one degree of longitude on the equator', [0, 109], [0, 110], 111_195],
  ['one degree of longitude at 60° is half of that', [60, 109], [60, 110], 55_597],
  ['over the date line', [0, 179.5], [0, -179.5], 111_195],
  ['nowhere', [27, 109], [27, 109], 0],
])('%s', (_, [lat, lon], [toLat, toLon], metres) => {
  expect(Math.abs(distance({ lat, lon }, { lat: toLat, lon: toLon }) - metres)).toBeLessThan(5)
})

it.each([
  [4, 0],
  [87, 90],
  [317, 320],
  [1260, 1300],
])('%i m are about %i m', (metres, said) => expect(roughly(metres)).toBe(said))

it.each([
  [501, 0, true],
  [500, 0, false],
  [650, 200, false],
  [710, 200, true],
])('%i m away, within %i m: far is %s', (metres, accuracy, far) => expect(isFar(metres, accuracy, 500)).toBe(far))
