import { expect, it } from 'vitest'
import { missingOf } from './gate'

it('reads the sentences of a closed gate, or at least their codes', () => {
  const fields = {
    missing: [
      { gate: 'roster_imported', code: 'roster.empty', zh: '底册未导入', en: 'No roster' },
      { code: 'x.y' },
      null,
    ],
  }
  expect(missingOf(fields)).toEqual([
    { zh: '底册未导入', en: 'No roster' },
    { zh: 'x.y', en: 'x.y' },
  ])
  expect(missingOf({})).toEqual([])
})
