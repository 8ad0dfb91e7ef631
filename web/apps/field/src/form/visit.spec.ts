import type { Control, Visit } from '@ruhu/engine'
import { expect, it } from 'vitest'
import { asksRespondent, visitWanting } from './visit'

const c = (ref: string, children: Control[] = []): Control => ({
  ref,
  type: 'group',
  datatype: '',
  appearance: '',
  children,
})

it('knows a form that asks who answers', () => {
  expect(asksRespondent([c('/d/a'), c('/d/g', [c('/d/g/respondent')])])).toBe(true)
  expect(asksRespondent([c('/d/g', [c('/d/g/respondent_name')])])).toBe(false)
})

it.each<[Visit['respondent'], string, boolean]>([
  ['', '', true],
  ['self', '', false],
  ['cadre', '', true],
  ['cadre', '某某', false],
  ['registers', '', true],
  ['lost', '', false],
])('wants more of %s %s: %s', (respondent, name, want) => {
  expect(visitWanting({ guide: '', respondent, name, elsewhere: '' }, false)).toBe(want)
  expect(visitWanting({ guide: '', respondent, name, elsewhere: '' }, true)).toBe(false)
})
