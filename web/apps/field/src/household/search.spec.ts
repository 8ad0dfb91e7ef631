import { expect, it } from 'vitest'
import { assignment } from '../test/make'
import { entryOf, finds } from './search'

const named = (head_name: string, initials: string) => {
  const a = assignment()
  return entryOf({ ...a, household: { ...a.household, head_name, initials } })
}

it.each([
  ['wjg', true],
  ['WJ', true],
  ['jg', true],
  ['w j g', true],
  ['wg', false],
  ['wjgx', false],
  ['王', true],
  ['王j', false],
  ['0001', true],
  ['', true],
])('王建国 is found by %s: %s', (typed, want) => {
  expect(finds(named('王建国', 'wy j g'), typed)).toBe(want)
})

it('finds a name by every reading of its characters', () => {
  const e = named('单晓华', 'cds x h')
  expect(['sxh', 'dx', 'c'].map((q) => finds(e, q))).toEqual([true, true, true])
})

it('finds by text alone what an older server sent without initials', () => {
  expect([finds(named('王建国', ''), '建国'), finds(named('王建国', ''), 'wjg')]).toEqual([true, false])
})
