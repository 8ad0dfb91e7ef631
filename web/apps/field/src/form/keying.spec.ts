// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { firstStop, keyed, keyedChoices, keyedDate, mark, stopAfter, typedOf, valueOf } from './keying'

const list = (...values: string[]) => values.map((value) => ({ value, label: `选项${value}` }))
const control = (over: object = {}) => ({ appearance: '', datatype: 'string', type: 'input', ...over }) as never

describe('what is keyed from paper', () => {
  it.each([
    ['1', 'yes'],
    ['２', 'no'],
    ['9', '9'],
    ['no', 'no'],
    ['4', undefined],
    ['0', undefined],
    ['', ''],
  ])('is a choice by its place on paper, else by its code: %j', (typed, want) => {
    expect(valueOf('one', control(), list('yes', 'no', '9'), typed)).toBe(want)
  })

  it.each([
    ['1 3', 'a c'],
    ['3，1', 'a c'],
    ['13', 'a c'],
    ['1 7', undefined],
    ['b', 'b'],
  ])('is several choices, in the form’s order: %j', (typed, want) => {
    expect(keyedChoices(list('a', 'b', 'c'), typed)).toBe(want)
  })

  it('takes a number of two digits for one choice where the form has so many', () => {
    const many = list(...Array.from({ length: 14 }, (_, i) => `v${i + 1}`))
    expect(keyedChoices(many, '13')).toBe('v13')
    expect(keyedChoices(list('a', 'b', '12'), '12')).toBe('12')
  })

  it.each([
    ['day', '20180312', '2018-03-12'],
    ['day', '2018-3-2', '2018-03-02'],
    ['day', '2018年3月12日', '2018-03-12'],
    ['day', '20180230', undefined],
    ['day', '201803', undefined],
    ['month', '2018.3', '2018-03-01'],
    ['month', '2018', undefined],
    ['year', '2018', '2018-01-01'],
    ['day', '昨天', undefined],
  ] as const)('is a date, %s: %j', (part, typed, want) => expect(keyedDate(part, typed)).toBe(want))

  it('is a plain number, or text as it is', () => {
    expect(valueOf('number', control(), [], '１，２００')).toBe('1200')
    expect(valueOf('text', control(), [], '二组 3号')).toBe('二组 3号')
  })

  it('shows an answer as one would type it', () => {
    expect(typedOf('many', list('a', 'b', 'c'), 'a c')).toBe('1 3')
    expect(typedOf('one', list('a'), 'gone')).toBe('gone')
    expect(typedOf('number', [], '12')).toBe('12')
    expect([mark(0), mark(19), mark(20)]).toEqual(['①', '⑳', '(21)'])
  })

  it('leaves long lists, pictures and times to their own widgets', () => {
    expect(keyed('one', control(), 39)).toBe(true)
    expect(keyed('one', control(), 40)).toBe(false)
    expect(keyed('signature', control(), 0)).toBe(false)
    expect(keyed('date', control({ datatype: 'date' }), 0)).toBe(true)
    expect(keyed('date', control({ datatype: 'dateTime' }), 0)).toBe(false)
  })
})

describe('the way of the keyboard', () => {
  const page = document.createElement('main')
  page.innerHTML = `<div data-test="question" data-keyed id="row"><input data-key id="a"><button data-key id="ok"></button></div>
    <div data-test="question" id="sign" tabindex="-1"><button id="pad"></button></div>
    <div data-test="question" data-keyed><input data-key id="b"></div>`
  const at = (id: string) => page.querySelector<HTMLElement>(`#${id}`) as HTMLElement
  it('goes through lines, their confirmations, and what has a widget of its own', () => {
    expect(firstStop(page)?.id).toBe('a')
    expect(stopAfter(page, at('a'), 1)?.id).toBe('ok')
    expect(stopAfter(page, at('ok'), 1)?.id).toBe('sign')
    expect(stopAfter(page, at('sign'), 1)?.id).toBe('b')
    expect(stopAfter(page, at('b'), 1)).toBeNull()
    expect(stopAfter(page, at('row'), 1)?.id).toBe('sign') // its confirmation has gone
    expect(stopAfter(page, page, 1)?.id).toBe('a')
    expect(stopAfter(page, at('b'), -1)?.id).toBe('sign')
    expect(stopAfter(page, at('a'), -1)).toBeNull()
  })
})
