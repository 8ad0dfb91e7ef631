import { describe, expect, it } from 'vitest'
import type { ListingHousehold, ListingMember, ListingStrike } from '@ruhu/api'
import { formOf, HEAD, headGoes, inputOf, missing } from './form'

const member = (id: string, name: string, relation: string, more: Partial<ListingMember> = {}): ListingMember => ({
  id,
  name,
  relation,
  id_number: '990101********101X',
  sex: 'male',
  birth_date: '',
  health: '健康',
  schooling: '',
  phone: '100****0001',
  state: 'present',
  reason: '',
  ...more,
})
const household = (more: Partial<ListingHousehold> = {}): ListingHousehold => ({
  id: 'h1',
  code: '990101101000001',
  group: '一组',
  head_name: '田福成',
  head_id_number: '990101********101X',
  phone: '100****0001',
  class: 'exited',
  exit_year: 2018,
  size: 2,
  tags: [],
  state: 'listed',
  struck: '',
  origin: 'import',
  version: 3,
  members: [
    member('m1', '田福成', HEAD),
    member('m2', '叶桂英', '配偶'),
    member('m3', '田小山', '之子', { state: 'gone' }),
  ],
  initials: ['tfc'],
  seen: 1,
  proposal: null,
  ...more,
})
const strikes: ListingStrike[] = [
  { reason: 'moved', evidence: 'note', stays: false },
  { reason: 'died', evidence: 'photo', stays: false },
  { reason: 'merged', evidence: 'note', stays: false },
  { reason: 'split', evidence: 'note', stays: false },
  { reason: 'lost', evidence: 'statement', stays: true },
]

describe('a correction', () => {
  it('sends what is different and leaves masked numbers alone', () => {
    const h = household()
    const f = formOf('correct', h, false)
    expect(f.set.phone).toBe('')
    expect(missing(f, h, strikes, false)).toBe('nothing')
    f.set.group = ' 二组 '
    const spouse = f.members[1]
    if (!spouse) throw new Error('the spouse is missing')
    spouse.do = 'change'
    spouse.set.health = '长期慢性病'
    expect(inputOf(f, h, false)).toMatchObject({
      action: 'correct',
      version: 3,
      seen: 1,
      edit: { set: { group: '二组' }, members: [{ id: 'm2', do: 'change', set: { health: '长期慢性病' } }] },
    })
  })

  it('takes a number out only for those who see it', () => {
    const h = household({ phone: '10000000001' })
    const f = formOf('correct', h, true)
    f.set.phone = ''
    expect(inputOf(f, h, true).edit?.set).toEqual({ phone: '' })
  })

  it('asks for another head when the head goes', () => {
    const h = household()
    const f = formOf('correct', h, false)
    Object.assign(f.members[0] ?? {}, { do: 'lose', reason: 'died' })
    expect(headGoes(f, h)).toBe(true)
    expect(missing(f, h, strikes, false)).toBe('head')
    f.head = 'm2'
    expect(missing(f, h, strikes, false)).toBe('')
    expect(inputOf(f, h, false).edit?.members).toEqual([
      { id: 'm1', do: 'lose', reason: 'died' },
      { id: 'm2', do: 'change', set: { relation: HEAD } },
    ])
  })
})

describe('a strike', () => {
  it.each([
    ['moved', '', [], 'note'],
    ['moved', '迁往外县', [], ''],
    ['died', '', [], 'photo'],
    ['died', '', ['d'], ''],
    ['lost', '多次联系不上', [], 'statement'],
    ['lost', '多次联系不上', ['d'], ''],
    ['', '', [], 'reason'],
  ])('for %s with note “%s” and photos %j lacks “%s”', (reason, note, files, want) => {
    const h = household()
    const f = { ...formOf('strike', h, false), reason, note, files }
    expect(missing(f, h, strikes, false)).toBe(want)
  })

  it('becomes a merge or a split by its reason', () => {
    const h = household()
    const f = { ...formOf('strike', h, false), reason: 'merged', note: '并到儿子家' }
    expect(missing(f, h, strikes, false)).toBe('into')
    expect(inputOf({ ...f, into: 'h2' }, h, false)).toMatchObject({ action: 'merge', into: 'h2' })
    const s = { ...f, reason: 'split', parts: { m1: 0 } as Record<string, number> }
    expect(missing(s, h, strikes, false)).toBe('parts')
    s.parts = { m1: 0, m2: 1 }
    expect(missing(s, h, strikes, false)).toBe('heads')
    s.heads = ['m1', 'm2']
    expect(missing(s, h, strikes, false)).toBe('')
    expect(inputOf(s, h, false).parts?.map(({ head, members }) => ({ head, members }))).toEqual([
      { head: 'm1', members: ['m1'] },
      { head: 'm2', members: ['m2'] },
    ])
  })
})

it('a new household needs a class and a named head', () => {
  const f = formOf('add', null, false)
  expect(missing(f, null, strikes, false)).toBe('member')
  const head = f.members[0]
  if (!head) throw new Error('no head')
  head.set.name = '蒋明辉'
  expect(missing(f, null, strikes, false)).toBe('class')
  f.set.class = 'ordinary'
  expect(missing(f, null, strikes, false)).toBe('')
  expect(inputOf(f, null, false)).toMatchObject({
    action: 'add',
    household_id: f.household,
    edit: {
      set: { class: 'ordinary' },
      members: [{ do: 'add', reason: 'overlooked', set: { name: '蒋明辉', relation: HEAD } }],
    },
  })
})
