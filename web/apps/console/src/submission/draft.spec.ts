// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import type { Answer } from '@ruhu/api'
import { forgetDrafts, isFile, openAnswers, saveDraft, savedDraft } from './draft'

const answer = (ref: string, more: Partial<Answer> = {}): Answer => ({
  ref,
  label: ref,
  type: 'text',
  value: '',
  display: '',
  comments: [],
  findings: [],
  ...more,
})
const finding = {
  ref: '/q10',
  rule: 'no_pupil',
  severity: 'error' as const,
  message: { zh: '矛盾', en: '' },
  reason: '',
}

const said = (reason: string) => ({ was: '', changed: false, reason })

it('keeps only questions that ask for attention and drops empty sections', () => {
  const sections = [
    { ref: '/a', title: 'A', answers: [answer('/q1'), answer('/q10', { findings: [finding] })] },
    { ref: '/b', title: 'B', answers: [answer('/q2', { previous: '甲', display: '甲' })] },
    { ref: '/c', title: 'C', answers: [answer('/q3', { previous: '甲', display: '乙' }), answer('/q4')] },
    {
      ref: '/d',
      title: 'D',
      answers: [answer('/q5', { register: said('') }), answer('/q6', { register: said('同音字') })],
    },
  ]
  const got = openAnswers(sections, { '/q4': { id: '1', text: '请核实' } })
  expect(got.map((s) => s.answers.map((a) => a.ref))).toEqual([['/q10'], ['/q3', '/q4'], ['/q6']])
})

it('knows an uploaded file by its name', () => {
  expect(isFile({ type: 'image', value: `${'a'.repeat(64)}.jpg` })).toBe(true)
  expect(isFile({ type: 'image', value: '' })).toBe(false)
  expect(isFile({ type: 'text', value: '../../etc/passwd' })).toBe(false)
})

it('keeps comments by form and revision until they are sent or the person leaves', () => {
  const draft = { '/q4': { id: '1', text: '请核实' } }
  saveDraft('s1', 2, draft)
  expect(savedDraft('s1', 2)).toEqual(draft)
  expect(savedDraft('s1', 3)).toEqual({})
  saveDraft('s1', 2, {})
  expect(savedDraft('s1', 2)).toEqual({})
  saveDraft('s1', 2, draft)
  forgetDrafts()
  expect(savedDraft('s1', 2)).toEqual({})
})
