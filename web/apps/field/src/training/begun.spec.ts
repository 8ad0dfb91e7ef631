import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { openDb } from '../test/make'
import { begun, type Begun } from './begun'
import { draw, type Quiz, type QuizQuestion } from './material'

const text = { zh: '问', en: 'Q' }
const question = (code: string): QuizQuestion => ({
  code,
  text,
  several: false,
  options: [{ ...text, right: true }],
  why: text,
  source: 'S3.4',
  item: '',
})
const quiz: Quiz = { ask: 2, pass: 2, questions: ['one', 'two', 'all'].map(question) }

it('is gone on with where it was, until it is finished or the questions are others', async () => {
  const db = await openDb()
  const codes = (await draw(quiz, 'seed')).map((q) => q.code)
  const state: Begun = { id: 'seed', campaign: 'c1', drawn: codes, chosen: [[0], []], at: 1 }
  expect(await begun(db, quiz, 'c1')).toBeNull()
  await db.set('quiz', state)
  const got = await begun(db, quiz, 'c1')
  expect(got?.begun).toEqual(state)
  expect(got?.drawn.map((q) => q.code)).toEqual(codes)
  expect(await begun(db, quiz, 'c2')).toBeNull()
  expect(
    await begun(db, { ...quiz, questions: [...quiz.questions, question('more'), question('again')] }, 'c1'),
  ).toEqual(null)
  const done = { id: 'seed', campaign: 'c1', answers: [], asked: 2, correct: 2, passed: true, wrong: [] }
  await db.attempts.put({ ...done, finished_at: 1, sent: true, trouble: null })
  expect(await begun(db, quiz, 'c1')).toBeNull()
})
