import type { Control } from '@ruhu/engine'
import { describe, expect, it } from 'vitest'
import {
  columnsOf,
  enumeratorRefs,
  handRefs,
  facing,
  kindOf,
  layoutOf,
  matching,
  numberOf,
  partOf,
  partToDate,
  plainNumber,
  rangeOf,
  separated,
  shownDate,
} from './kinds'

const c = (type: Control['type'], datatype = '', appearance = '', mediatype?: string): Control => ({
  ref: '/d/x',
  type,
  datatype,
  appearance,
  mediatype,
  children: [],
})

describe('the widget of a question', () => {
  it.each([
    ['one choice', c('select1'), 'one'],
    ['several', c('select'), 'many'],
    ['money', c('input', 'decimal'), 'number'],
    ['a count', c('input', 'int'), 'number'],
    ['a day', c('input', 'date'), 'date'],
    ['a photo', c('upload', 'binary', 'new', 'image/*'), 'photo'],
    ['a signature', c('upload', 'binary', 'w1 signature', 'image/*'), 'signature'],
    ['a recording', c('upload', 'binary', '', 'audio/*'), 'voice'],
    ['a recording from elsewhere', { ...c('upload', 'binary', '', 'audio/*'), attrs: { quality: 'external' } }, 'file'],
    ['a film', c('upload', 'binary', '', 'video/*'), 'video'],
    ['a place with tags', c('upload', 'binary', '', 'osm/*'), 'place'],
    ['a sketch', c('upload', 'binary', 'draw', 'image/*'), 'signature'],
    ['an order', c('rank', 'odk:rank'), 'rank'],
    ['a scale', c('range', 'int'), 'range'],
    ['yes or no', c('input', 'boolean'), 'boolean'],
    ['a bar code', c('input', 'barcode'), 'barcode'],
    ['an area', c('input', 'geoshape'), 'line'],
    ['the heading of a table of choices', c('select1', 'string', 'label'), 'note'],
    ['a place', c('input', 'geopoint'), 'position'],
    ['an enumerator', c('input', 'string', 'enumerator'), 'enumerator'],
    ['text', c('input', 'string', 'multiline'), 'text'],
  ])('for %s', (_, control, want) => {
    expect(kindOf(control)).toBe(want)
  })
})

it('finds where enumerators confirm, inside groups too', () => {
  const one = { ...c('input', 'string', 'enumerator'), ref: '/d/g/e1' }
  const two = { ...c('input', 'string', 'enumerator'), ref: '/d/e2' }
  expect(enumeratorRefs([{ ...c('group'), children: [c('input'), one] }, two])).toEqual(['/d/g/e1', '/d/e2'])
  const household = { ...c('upload', 'binary', 'signature', 'image/*'), ref: '/d/h' }
  const hand = { ...c('upload', 'binary', 'signature enumerator', 'image/*'), ref: '/d/h1' }
  expect(handRefs([one, household, two, { ...c('group'), children: [hand] }])).toEqual({ '/d/g/e1': '/d/h1' })
  expect(handRefs([one, two, hand, { ...hand, ref: '/d/h2' }, { ...hand, ref: '/d/h3' }])).toEqual({
    '/d/g/e1': '/d/h1',
    '/d/e2': '/d/h2',
  })
})

it.each([
  ['１２３。５', '123.5'],
  [' 12,000 ', '12000'],
  ['－3', '-3'],
  ['12a', '12a'],
])('reads %s as the number %s', (typed, want) => {
  expect(plainNumber(typed)).toBe(want)
})

it.each([
  ['1234567', '1,234,567'],
  ['-1234.50', '-1,234.50'],
  ['999', '999'],
  ['12a4', '12a4'],
  ['', ''],
])('shows %s by threes as %s', (value, want) => {
  expect(separated(value)).toBe(want)
})

it('takes a number of the form, or its own where the form says nothing of use', () => {
  const read = (v?: string) => numberOf(v === undefined ? undefined : { rows: v }, 'rows', 3)
  expect([read('6'), read('0'), read('x'), read('')].concat(read())).toEqual([6, 0, 3, 3, 3])
})

it('turns the camera only when it is asked to', () => {
  const turned = ['', 'new', 'new-rear', 'annotate new-front', 'selfie'].map((appearance) => facing({ appearance }))
  expect(turned).toEqual(['environment', 'environment', 'environment', 'user', 'user'])
})

it.each([
  ['', 5, 'cards'],
  ['columns-2', 5, 'columns'],
  ['likert', 5, 'columns'],
  ['minimal', 5, 'menu'],
  ['minimal search', 5, 'search'],
  ['', 60, 'search'],
])('lays out choices with %s, %i of them, as %s', (appearance, n, want) => {
  expect(layoutOf({ type: 'select1', appearance }, n)).toBe(want)
})

it('puts at most four choices side by side', () => {
  expect(
    ['columns-5', 'columns-1', 'columns', 'w1 compact-3', ''].map((appearance) => columnsOf({ appearance })),
  ).toEqual([4, 1, 2, 3, 1])
})

it('finds choices by label and by code', () => {
  const list = [
    { value: '101', label: '大坪村' },
    { value: '102', label: '石坪村' },
    { value: '210', label: 'Xikou' },
  ]
  expect(matching(list, ' 坪 ').map((c) => c.value)).toEqual(['101', '102'])
  expect(matching(list, 'xi').map((c) => c.value)).toEqual(['210'])
  expect(matching(list, '10').map((c) => c.value)).toEqual(['101', '102'])
  expect(matching(list, '')).toHaveLength(3)
})

it.each([
  [
    { start: '1', end: '5', step: '1' },
    { min: 1, max: 5, step: 1, decimals: 0 },
  ],
  [
    { start: '2.5', end: '0', step: '-0.5' },
    { min: 0, max: 2.5, step: 0.5, decimals: 1 },
  ],
  [undefined, { min: 0, max: 10, step: 1, decimals: 0 }],
  [
    { start: 'x', end: '', step: '0' },
    { min: 0, max: 10, step: 1, decimals: 0 },
  ],
])('reads the range %o', (attrs, want) => {
  expect(rangeOf(attrs)).toEqual(want)
})

it('keeps a year and a month as their first day', () => {
  const year = partOf({ datatype: 'date', appearance: 'year' })
  const month = partOf({ datatype: 'date', appearance: 'month-year' })
  expect([partToDate('2019', year), partToDate('2019-07', month), partToDate('', year)]).toEqual([
    '2019-01-01',
    '2019-07-01',
    '',
  ])
  expect([shownDate('2019-01-01', year), shownDate('2019-07-01', month)]).toEqual(['2019', '2019-07'])
  expect(shownDate('2019-07-01T08:30:00.000+08:00', partOf({ datatype: 'dateTime', appearance: '' }))).toBe(
    '2019-07-01T08:30',
  )
})
