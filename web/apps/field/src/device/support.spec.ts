import { expect, it } from 'vitest'
import { elsewhere, mayCompile } from './support'

it('stays where the engine may be compiled', () => {
  expect(mayCompile()).toBe(true)
  expect(elsewhere({ pathname: '/field/', hash: '#/me' }, true)).toBeNull()
})

it('goes to the page for old browsers once, with its place', () => {
  expect(elsewhere({ pathname: '/field/', hash: '#/me' }, false)).toBe('/field/compat/#/me')
  expect(elsewhere({ pathname: '/field/compat/', hash: '#/me' }, false)).toBeNull()
})
