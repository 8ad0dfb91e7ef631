import { describe, expect, it } from 'vitest'
import { editable, leftBehind, stateOf, type Local } from './state'

const nothing: Local = { hasDraft: false, parcel: null, receipt: null }
const back = { level: '', note: '', by_name: '', at: '', revision: 2, comments: [] }

describe('the state of a household', () => {
  it.each([
    ['is unvisited when nothing is known', 'open', null, nothing, 'unvisited'],
    ['is a draft once something is filled in', 'open', null, { ...nothing, hasDraft: true }, 'draft'],
    [
      'is queued while a parcel waits, even for a returned form',
      'returned',
      back,
      { ...nothing, parcel: { trouble: null } },
      'queued',
    ],
    ['is received when the package says so', 'submitted', null, nothing, 'received'],
    [
      'is received by our receipt before the package says so',
      'open',
      null,
      { ...nothing, receipt: { revision: 1 } },
      'received',
    ],
    [
      'is returned when the receipt is of the returned revision',
      'returned',
      back,
      { ...nothing, receipt: { revision: 2 } },
      'returned',
    ],
    ['stays returned while it is being corrected', 'returned', back, { ...nothing, hasDraft: true }, 'returned'],
    ['is received again by a newer receipt', 'returned', back, { ...nothing, receipt: { revision: 3 } }, 'received'],
    ['is accepted at the end', 'done', null, { ...nothing, receipt: { revision: 3 } }, 'accepted'],
  ] as const)('%s', (_, state, returned, local, want) => {
    expect(stateOf({ state, returned: returned ? { ...returned, comments: [] } : null }, local)).toBe(want)
  })

  it('leaves no draft that can neither be opened nor discarded', () => {
    const local = { ...nothing, hasDraft: true }
    const states = (['open', 'submitted', 'returned', 'done'] as const).flatMap((state) =>
      [null, { revision: 3 }].map((receipt) =>
        stateOf({ state, returned: state === 'returned' ? back : null }, { ...local, receipt }),
      ),
    )
    expect(states).toContain('accepted')
    for (const s of states) expect([s, editable(s) !== leftBehind(s, true)]).toEqual([s, true])
    expect(leftBehind('accepted', false)).toBe(false)
  })
})
