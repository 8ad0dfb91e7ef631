import { expect, it } from 'vitest'
import { oddities } from './oddity'
import type { Fix } from './position'

const first: Fix = { lat: 27.123456789, lon: 109.987654321, alt: 310, accuracy: 9.6, at: 1_000_000 }
const later = (over: Partial<Fix>): Fix => ({ ...first, at: first.at + 60_000, ...over })

it.each<[string, Fix | null, Fix, string[]]>([
  ['a first reading', null, first, []],
  ['a reading that trembles', first, later({ lat: 27.123461234 }), []],
  ['the same reading handed out again', first, { ...first }, []],
  ['the same place to the last decimal', first, later({}), ['same']],
  ['the same place by a mast', { ...first, accuracy: 800 }, later({ accuracy: 800 }), []],
  ['an accuracy of nothing', null, { ...first, accuracy: 0 }, ['exact']],
  ['no accuracy', null, { ...first, accuracy: NaN }, ['exact']],
  ['a place that somebody typed', null, { ...first, lat: 27.1, lon: 109.9876 }, ['rounded']],
  ['one round number of two', null, { ...first, lat: 27.1 }, []],
  ['another county within a minute', first, later({ lat: 27.623456789 }), ['leap']],
  ['the next village within a minute', first, later({ lat: 27.133456789 }), []],
  ['a mast that was wrong', { ...first, accuracy: 60_000 }, later({ lat: 27.623456789 }), []],
])('%s', (_, before, fix, want) => expect(oddities(before, fix)).toEqual(want))
