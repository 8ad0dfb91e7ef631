import { expect, it } from 'vitest'
import { FullError } from './store'
import { unwritten } from './writing'

const named = (name: string): Error => Object.assign(new Error(name), { name })

it.each([
  [new FullError('no room'), 'full'],
  [new DOMException('no room', 'QuotaExceededError'), 'full'],
  ['locked', 'locked'],
  [named('DatabaseClosedError'), 'closed'],
  [new DOMException('the connection is closing', 'InvalidStateError'), 'closed'],
  [named('TypeError'), 'unknown'],
  [undefined, 'unknown'],
])('says why nothing was written: %s', (e, want) => {
  expect(unwritten(e)).toBe(want)
})
