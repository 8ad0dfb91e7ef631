import { expect, it } from 'vitest'
import { amount, share } from './figures'

it('writes shares so that they never seem to be the limit when they are not', () => {
  expect(share(0.02, 0.02)).toBe('2.00 %')
  expect(share(0.019999, 0.02)).toBe('1.9999 %')
  expect(share(0.0123456, 0.02)).toBe('1.23 %')
  expect(share(0.5)).toBe('50.00 %')
})

it('writes amounts in groups, with two decimals at most', () => {
  expect(amount(12345.678, 'en')).toBe('12,345.68')
  expect(amount(3, 'en')).toBe('3')
})
