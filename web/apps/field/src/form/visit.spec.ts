import type { Control, NodeState, Visit } from '@ruhu/engine'
import { expect, it } from 'vitest'
import { coversAll, KINDS, saidBy, sourcesOf, visitWanting } from './visit'

const c = (ref: string, says = '', children: Control[] = []): Control => ({
  ref,
  type: 'group',
  datatype: '',
  appearance: '',
  ...(says ? { attrs: { 'ruhu:respondent': says } } : {}),
  children,
})
const form = [
  c('/d/mode', '2=phone'),
  c('/d/g', '', [c('/d/g/who', '1=self 2=member 9=nobody'), c('/d/g/name', 'name')]),
]
const given =
  (values: Record<string, string>, hidden = '') =>
  (ref: string) =>
    ({ ref, value: values[ref] ?? '', relevant: ref !== hidden }) as NodeState

it.each([
  [{}, '', { respondent: '', name: '' }],
  [{ '/d/g/who': '1', '/d/mode': '1' }, '', { respondent: 'self', name: '' }],
  [{ '/d/g/who': '2', '/d/g/name': ' 之子 ' }, '', { respondent: 'member', name: '之子' }],
  [{ '/d/g/who': '1', '/d/mode': '2' }, '', { respondent: 'phone', name: '' }],
  [{ '/d/g/who': '3', '/d/g/name': '会计' }, '', { respondent: '', name: '会计' }],
  [{ '/d/g/who': '1', '/d/g/name': '之子' }, '/d/g/name', { respondent: 'self', name: '' }],
  [{ '/d/g/who': '9' }, '', { respondent: '', name: '' }],
])('takes who answered from the form: %o without %s', (values, hidden, want) => {
  expect(saidBy(sourcesOf(form), given(values, hidden))).toEqual(want)
})

it('asks nothing more of a form that knows every kind', () => {
  expect(coversAll(sourcesOf(form))).toBe(false)
  expect(coversAll(sourcesOf([c('/d/who', KINDS.map((k, i) => `${i}=${k}`).join(' '))]))).toBe(true)
  expect(sourcesOf([c('/d/respondent')])).toEqual([])
})

it.each<[Visit['respondent'], string, boolean]>([
  ['', '', true],
  ['self', '', false],
  ['cadre', '', true],
  ['cadre', '某某', false],
  ['registers', '', true],
  ['lost', '', false],
])('wants more of %s %s: %s', (respondent, name, want) => {
  expect(visitWanting({ guide: '', respondent, name, elsewhere: '' })).toBe(want)
})
