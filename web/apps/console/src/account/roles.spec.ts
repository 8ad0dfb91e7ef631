import { expect, it } from 'vitest'
import { easyPassword, levelOf, rolesFor } from './roles'

it('lets a township office give no county roles', () => {
  expect(rolesFor('township_office')).not.toContain('county_office')
  expect(rolesFor('township_office')).not.toContain('guidance_group')
  expect(rolesFor('county_office')).toContain('county_office')
})

it('places each role at its level', () => {
  expect(levelOf('guidance_group')).toBe('county')
  expect(levelOf('supervisor')).toBe('township')
  expect(levelOf('village')).toBe('village')
})

it('makes passwords that can be read out, never the same', () => {
  const made = new Set(Array.from({ length: 200 }, easyPassword))
  expect(made.size).toBe(200)
  for (const p of made) expect(p).toMatch(/^[a-hj-kmnp-z2-9]{4}-[a-hj-kmnp-z2-9]{4}-[a-hj-kmnp-z2-9]{4}$/)
})
