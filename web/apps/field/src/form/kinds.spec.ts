import type { Control } from '@ruhu/engine'
import { describe, expect, it } from 'vitest'
import { enumeratorRefs, kindOf, plainNumber } from './kinds'

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
    ['a recording, which we lack', c('upload', 'binary', '', 'audio/*'), 'unsupported'],
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
})

it.each([
  ['１２３。５', '123.5'],
  [' 12,000 ', '12000'],
  ['－3', '-3'],
  ['12a', '12a'],
])('reads %s as the number %s', (typed, want) => {
  expect(plainNumber(typed)).toBe(want)
})
