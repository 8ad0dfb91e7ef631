import 'fake-indexeddb/auto'
import { ApiError, sha256 } from '@ruhu/api'
import { beforeEach, describe, expect, it } from 'vitest'
import type { FieldDb } from '../store/db'
import { once } from '../sync/once'
import { openDb, pkg } from '../test/make'
import { MemoryServer, runWith } from '../test/server'
import { utf8 } from '../vault/bytes'
import { draw, isRight, material, type Material, type QuizQuestion } from './material'

const text = { zh: '问', en: 'Q' }
const question = (code: string, rights: boolean[]): QuizQuestion => ({
  code,
  text,
  several: rights.filter(Boolean).length > 1,
  options: rights.map((right) => ({ ...text, right })),
  why: text,
  source: 'S3.4',
  item: '',
})
const quiz = {
  ask: 2,
  pass: 2,
  questions: [question('one', [true, false]), question('two', [false, true]), question('all', [true, true, false])],
}
const stuff: Material = { households: [], quiz }

let db: FieldDb
let server: MemoryServer
beforeEach(async () => {
  db = await openDb()
  server = new MemoryServer()
  const json = JSON.stringify(stuff)
  const hash = await sha256(utf8(json))
  const { campaign } = pkg()
  server.package = pkg({ forms: [], assignments: [], campaign: campaign && { ...campaign, training: hash } })
  server.texts.set(`/field/training/${hash}`, json)
})
const sync = () => once(db, runWith(server), false)
const sent = () => server.calls.filter((c) => c.startsWith('attempt'))
const attempt = (over = {}) => ({
  id: '01970000-0000-7000-8000-000000000001',
  campaign: 'c1',
  answers: [{ question: 'one', chosen: [0] }],
  asked: 2,
  correct: 2,
  passed: true,
  wrong: [],
  finished_at: 1,
  sent: false,
  trouble: null,
  ...over,
})

describe('the quiz', () => {
  it('comes once with the package, and goes with it', async () => {
    await sync()
    expect((await material(db, await db.package()))?.quiz?.questions).toHaveLength(3)
    expect(await material(db, pkg())).toBeNull()
    server.package = pkg({ forms: [], assignments: [] })
    await sync()
    expect(await db.materials.count()).toBe(0)
  })

  it('draws as the server does', async () => {
    // SHA-256 of "seed one" begins with 43, of "seed all" with 7b, of "seed two" with ba; the server's test has the same.
    expect((await draw(quiz, 'seed')).map((q) => q.code)).toEqual(['one', 'all'])
  })

  it('wants all right options and no other', () => {
    const all = question('all', [true, true, false])
    expect([[0, 1], [1, 0], [0], [0, 1, 2], []].map((c) => isRight(all, c))).toEqual([true, true, false, false, false])
  })

  it('is sent once, and the server’s marking counts', async () => {
    await db.attempts.put(attempt())
    await sync()
    await sync()
    expect(sent()).toEqual(['attempt 01970000-0000-7000-8000-000000000001 1'])
    expect(await db.attempts.all()).toMatchObject([{ sent: true, correct: 1, passed: false, wrong: ['two'] }])
  })

  it('waits without a network, and a refusal holds nothing up', async () => {
    await db.attempts.put(attempt())
    server.attempt = () => Promise.reject(new ApiError('web.offline', '', 0))
    await expect(sync()).rejects.toThrow()
    expect(await db.unsent()).toEqual({ queued: 1, drafts: 0, media: 0 })
    server.attempt = () => Promise.reject(new ApiError('training.no_quiz', '没有测验', 404))
    await sync()
    expect(await db.attempts.all()).toMatchObject([{ sent: false, trouble: '没有测验' }])
    expect(await db.unsent()).toEqual({ queued: 0, drafts: 0, media: 0 })
  })
})
