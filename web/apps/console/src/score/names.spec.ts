import { describe, expect, it } from 'vitest'
import type { ScoreTable, ScoreUnit } from '@ruhu/api'
import { changedWeights, compared, titleOf } from './names'

const item = (code: string, weight: string) => ({
  code,
  parent: '',
  depth: 0,
  title: { zh: `${code}项`, en: code },
  weight,
  max: '10',
  kind: 'given',
})
const unit = (code: string, score: string, place: number | null): ScoreUnit =>
  ({
    code,
    name: code,
    score,
    place: place === null ? null : { place, ordinal: place, tie_break: '', best: false },
  }) as ScoreUnit
const table = (units: ScoreUnit[]): ScoreTable =>
  ({
    items: [item('a', '0.5'), item('b', '0.5')],
    facts: [{ code: 'late', title: { zh: '超期', en: 'Late' }, counted: true }],
    vetoes: [],
    units,
  }) as unknown as ScoreTable

describe('a score by other rules', () => {
  it('sends only weights that are others', () => {
    expect(changedWeights(table([]), { a: ' 0.5 ', b: '0.7' })).toEqual([{ item: 'b', weight: '0.7' }])
  })
  it('compares places, in the new order', () => {
    const rows = compared(
      table([unit('x', '90', 1), unit('y', '80', 2), unit('z', '', null)]),
      table([unit('x', '70', 2), unit('y', '80', 1), unit('z', '', null)]),
    )
    expect(rows.map((r) => [r.code, r.moved, r.before, r.after])).toEqual([
      ['y', 1, '80', '80'],
      ['x', -1, '90', '70'],
      ['z', 0, '', ''],
    ])
  })
  it('names facts as the playbook does, and unknown codes by themselves', () => {
    expect(titleOf(table([]), 'late').zh).toBe('超期')
    expect(titleOf(table([]), 'b').zh).toBe('b项')
    expect(titleOf(table([]), 'nothing').en).toBe('nothing')
  })
})
