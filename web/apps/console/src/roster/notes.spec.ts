import { expect, it } from 'vitest'
import { matchNotes } from './notes'

const note = (sheet: string, row: number, header: string, message: string) => ({
  sheet,
  row,
  column: 'F',
  header,
  message,
  code: 'roster.id_check',
  value: '4309**********1234',
})
const notes = [note('贫困户', 12, '证件号码', '校验位不对'), note('边缘户', 3, '联系电话', '不是电话号码')]

it('finds notes by sheet, by cell and by words', () => {
  expect(matchNotes(notes, '', '')).toHaveLength(2)
  expect(matchNotes(notes, '边缘户', '')).toEqual([notes[1]])
  expect(matchNotes(notes, '', 'f12')).toEqual([notes[0]])
  expect(matchNotes(notes, '', '证件 校验')).toEqual([notes[0]])
  expect(matchNotes(notes, '边缘户', '证件')).toEqual([])
})
