import { describe, expect, it } from 'vitest'
import type { Counts, Progress } from '@ruhu/api'
import { attention } from './attention'

const counts: Counts = {
  assigned: 9,
  submitted: 5,
  returned: 0,
  accepted: 0,
  problems_open: 3,
  problems_closed: 0,
  problems_overdue: 0,
}
const village = (code: string, some: Partial<Counts>) => ({ code, name: code, ...counts, ...some })
const of = (...villages: Progress['villages']): Progress => ({
  version: 1,
  updated_at: '',
  totals: counts,
  villages,
  teams: [],
  days: [],
})

describe('villages to ask about', () => {
  it('puts overdue problems before returned forms, and leaves out who has neither', () => {
    const p = of(
      village('a', {}),
      village('b', { returned: 7 }),
      village('c', { problems_overdue: 1 }),
      village('d', { problems_overdue: 1, returned: 1 }),
      village('e', { returned: 7 }),
    )
    expect(attention(p).map((v) => v.code)).toEqual(['d', 'c', 'b', 'e'])
    expect(p.villages.map((v) => v.code)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })
})
