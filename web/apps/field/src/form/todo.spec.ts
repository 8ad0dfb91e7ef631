import type { FieldComment } from '@ruhu/api'
import type { NodeState } from '@ruhu/engine'
import { expect, it } from 'vitest'
import type { Asked } from './queries'
import { todoOf } from './todo'

const node = (ref: string, state: Partial<NodeState> = {}) =>
  [
    ref,
    { ref, label: ref.slice(3), value: '1', relevant: true, readonly: false, error: null, warning: null, ...state },
  ] as [string, NodeState]
const listed = (more: object = {}) => ({ key: 'k', was: '1', checked: false, reason: '', ...more })
const nodes = new Map([
  node('/d/a'),
  node('/d/b', { error: { rule: 'required', message: '' } }),
  node('/d/c', { error: { rule: 'constraint', message: '' }, warning: { message: '', reason: '' } }),
  node('/d/size', { transcribed: listed() }),
  node('/d/seen', { transcribed: listed({ checked: true }) }),
  node('/d/other', { value: '2', transcribed: listed() }),
  node('/d/fact', { readonly: true, transcribed: listed() }),
  node('/d/m[1]/age'),
  node('/d/m[3]/age'),
  node('/d/hidden', { relevant: false }),
])
const visible = [{ refs: [...nodes.keys()].filter((r) => r !== '/d/hidden') }] as never
const query = (id: string, ref: string, state: Asked['state']): Asked => ({ id, ref, label: '', state, turns: [] })
const said = (ref: string): FieldComment => ({ id: ref, ref, text: '', by_name: '', at: '', turns: [] })

it('names what is open, unconfirmed, asked upward and commented, and nothing that is settled', () => {
  const comments = new Map(['/d/a', '/d/fact', '/d/hidden', '/d/m[3]/age'].map((r) => [r, [said(r)]]))
  const queries = [
    query('1', '/d/m[3]/age', 'open'),
    query('2', '/d/a', 'closed'),
    query('3', '/d/b', 'answered'),
    query('4', '/d/gone', 'open'),
  ]
  const got = todoOf({ node: (r) => nodes.get(r), visible, replies: { '/d/a': '已问' } }, comments, queries)
  expect(got.map((x) => [x.label, x.here, ...x.why])).toEqual([
    ['b', true, 'missing', 'answered'],
    ['c', true, 'wrong', 'verify'],
    ['size', true, 'unconfirmed'],
    ['other', true, 'verify'],
    ['fact', true, 'comment'],
    ['m[3]/age', true, 'asked', 'comment'],
    ['gone', false, 'asked'],
    ['hidden', false, 'comment'],
  ])
})
