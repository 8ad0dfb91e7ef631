import { describe, expect, it } from 'vitest'
import { bytes, count, dayShort, instant, percent } from './format'

describe('format', () => {
  it('writes days briefly in both languages', () => {
    expect(dayShort('2026-03-04', 'zh-CN')).toBe('3月4日')
    expect(dayShort('2026-03-04', 'en')).toBe('4 Mar')
    expect(dayShort('', 'en')).toBe('')
  })
  it('writes an instant in the zone of the survey', () => {
    expect(instant('2026-03-04T16:05:00.000Z')).toBe('2026-03-05 00:05')
    expect(instant('2026-03-04T16:05:00.000Z', 'UTC')).toBe('2026-03-04 16:05')
  })
  it('never says 100 % before all is done', () => {
    expect(percent(399, 400)).toBe('99%')
    expect(percent(400, 400)).toBe('100%')
    expect(percent(0, 0)).toBe('—')
  })
  it('separates thousands and scales bytes', () => {
    expect(count(18000)).toBe('18,000')
    expect(bytes(7 * 1024)).toBe('7.0 KB')
  })
})
