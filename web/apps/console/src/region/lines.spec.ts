import { describe, expect, it } from 'vitest'
import { readLines } from './lines'

describe('readLines', () => {
  it('reads code and name in either order and with any separator', () => {
    const got = readLines('990101101201 清溪村\n石桥村,990101101202\r\n\n９９０１０１１０１２０３\t竹山村\n')
    expect(got.bad).toEqual([])
    expect(got.items).toEqual([
      { line: 1, code: '990101101201', name: '清溪村' },
      { line: 2, code: '990101101202', name: '石桥村' },
      { line: 4, code: '990101101203', name: '竹山村' },
    ])
  })
  it('names the lines that it cannot read', () => {
    expect(readLines('清溪村\n9901011012 短码村\n990101 云安县').bad).toEqual([1, 2])
  })
})
