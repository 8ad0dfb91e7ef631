import type { FieldPackage, FieldQuery } from '@ruhu/api'
import { expect, it } from 'vitest'
import type { Say } from '../store/rows'
import { rulingsFor, standing, withdrawn } from './queries'

const turn = (id: string, action: string) => ({
  id,
  action,
  text: action,
  by_name: '组长',
  role: 'group_leader' as const,
  at: '',
})
const known: FieldQuery = {
  id: 'q1',
  ref: '/d/a',
  label: '甲题',
  state: 'answered',
  ruling: false,
  turns: [turn('t1', 'ask'), turn('t2', 'answer')],
}
const said = (over: Partial<Say>): Say => ({
  id: 't9',
  item: 'q1',
  action: 'close',
  text: '',
  assignment: 'a',
  ref: '/d/a',
  label: '甲题',
  said_at: 5,
  ...over,
})

it('stands as the server says, until something was said here', () => {
  expect(standing([known], [], '我')[0]?.state).toBe('answered')
  expect(standing([known], [said({})], '我')[0]?.state).toBe('closed')
})

it('knows a query that the server has not heard of', () => {
  const [, q] = standing([known], [said({ id: 't3', item: 'q2', action: 'ask', text: '怎么算' })], '我')
  expect(q).toMatchObject({ id: 'q2', state: 'open', turns: [{ text: '怎么算', by_name: '我', pending: true }] })
})

it('does not say twice what has arrived', () => {
  expect(standing([known], [said({ id: 't1', action: 'ask' })], '我')[0]).toMatchObject({ state: 'answered' })
  expect(standing([known], [said({ id: 't1', action: 'ask' })], '我')[0]?.turns).toHaveLength(2)
})

it('takes what was said in its order', () => {
  const says = [said({ id: 't5', action: 'reopen', said_at: 9 }), said({ id: 't4', said_at: 7 })]
  expect(standing([known], says, '我')[0]?.state).toBe('open')
})

it('is closed by being withdrawn, but not once there is an answer', () => {
  const back = said({ id: 't3', action: 'withdraw', text: '看错了题', said_at: 9 })
  const asked: FieldQuery = { ...known, state: 'open', turns: [turn('t1', 'ask')] }
  const [q] = standing([asked], [back], '我')
  expect(q && [q.state, withdrawn(q)]).toEqual(['closed', true])
  const [late] = standing([known], [back], '我')
  expect(late && [late.state, withdrawn(late)]).toEqual(['answered', false])
  const [again] = standing([asked], [back, said({ id: 't4', action: 'reopen', said_at: 10 })], '我')
  expect(again && [again.state, withdrawn(again)]).toEqual(['open', false])
})

it('shows rulings of the same question of the same form, in whatever repeat', () => {
  const ruling = { id: 'r', form: 'registered', ref: '/d/m/a', asked: '', answer: '算', by_name: '', at: '' }
  const pkg = { campaign: { rulings: [ruling, { ...ruling, id: 's', form: 'other' }] } } as unknown as FieldPackage
  expect(rulingsFor(pkg, 'registered', '/d/m[2]/a').map((r) => r.id)).toEqual(['r'])
  expect(rulingsFor(null, 'registered', '/d/m/a')).toEqual([])
})
