import { bench } from 'vitest'
import { assignment } from '../test/make'
import { entryOf, finds } from './search'

// A village list of 10,000 households, searched as when a key is pressed. npx vitest bench apps/field
const letters = 'abcdefghjklmnopqrstwxyz'
const entries = Array.from({ length: 10_000 }, (_, i) => {
  const a = assignment()
  const at = (n: number): string => letters[(i * 7 + n * n) % letters.length] ?? 'a'
  const household = {
    ...a.household,
    code: `43092210120${i}`,
    head_name: `户主${i}`,
    initials: `${at(1)}${at(5)} ${at(2)} ${at(3)}`,
  }
  return entryOf({ ...a, household })
})

bench('three initials among 10,000', () => {
  entries.filter((e) => finds(e, 'wjg'))
})
bench('a name among 10,000', () => {
  entries.filter((e) => finds(e, '主77'))
})
