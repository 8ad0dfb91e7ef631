import { expect, it } from 'vitest'
import { differ } from './differ'

const shown = (a: string, b: string) =>
  differ(a, b)
    .map((p) => (p.same ? p.text : `[${p.text}]`))
    .join('')

it.each([
  ['张明华', '张明花', '张明[华]'],
  ['张明华', '张华', '张[明]华'],
  ['张华', '张明华', '张华'],
  ['509901199012310179', '509901199012310197', '5099011990123101[7]9'],
  ['𠮷田', '吉田', '[𠮷]田'],
  ['', '张', ''],
  ['张', '', '[张]'],
])('marks what of %s is not in %s', (a, b, want) => {
  expect(shown(a, b)).toBe(want)
})

it('loses no character', () => {
  for (const [a, b] of [
    ['阿依古丽·买买提', '买买提·阿依古丽'],
    ['12345', '54321'],
  ] as const)
    expect(
      differ(a, b)
        .map((p) => p.text)
        .join(''),
    ).toBe(a)
})
