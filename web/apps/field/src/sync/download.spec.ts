import 'fake-indexeddb/auto'
import { ApiError } from '@ruhu/api'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { FieldDb } from '../store/db'
import { assignment, offline, openDb, pkg } from '../test/make'
import { MemoryServer, runWith } from '../test/server'
import { download } from './download'
import { Link } from './link'

let db: FieldDb
let server: MemoryServer
let hash: string

const FORM = `<form>${'问'.repeat(3000)}</form>`

beforeEach(async () => {
  db = await openDb()
  server = new MemoryServer()
  hash = await server.publish(FORM, (d) => `/field/forms/${d}`)
  server.package = pkg({ forms: [], assignments: [assignment({ form_hash: hash })] })
})

const get = (link = new Link()) => download(db, runWith(server, link))
const back = { level: 'supervisor', note: '请核对', by_name: '督导', at: '', revision: 1, comments: [] }
const many = (n: number) => Array.from({ length: n }, (_, i) => assignment({ id: `b${i}`, form_hash: hash }))

describe('the download', () => {
  it('brings the package and its questionnaires', async () => {
    await get()
    expect((await db.package())?.assignments).toHaveLength(1)
    expect(await db.blanks.all()).toEqual([{ hash, xml: FORM }])
    expect([await db.pulled.count(), await db.pieces.count()]).toEqual([0, 0])
  })

  it('asks for nothing while nothing changes, and then only for what has', async () => {
    server.package.assignments = many(20)
    await get()
    server.calls = []
    await get()
    expect(server.calls).toEqual(['manifest known'])
    server.package.assignments[7] = assignment({ id: 'b7', form_hash: hash, date: '2026-05-01' })
    server.calls = []
    await get()
    expect(server.calls).toEqual(['manifest known', 'pull 1'])
    const now = await db.package()
    expect(now?.assignments.map((a) => a.id)).toEqual(server.package.assignments.map((a) => a.id))
    expect(now?.assignments[7]?.date).toBe('2026-05-01')
  })

  it('goes on where it broke off, and the old package works until the new one is whole', async () => {
    await get()
    server.package.assignments = many(40)
    const { pull } = server
    let pulls = 0
    server.pull = async (w) => {
      if (++pulls === 3) throw offline()
      return pull(w)
    }
    const link = new Link(4096, 4096)
    await expect(get(link)).rejects.toThrow('web.offline')
    expect((await db.package())?.assignments).toHaveLength(1)
    const here = await db.pulled.count()
    expect(here).toBeGreaterThan(7)
    server.calls = []
    await get(link)
    const asked = server.calls.filter((c) => c.startsWith('pull')).map((c) => Number(c.split(' ').at(-1)))
    expect(asked.reduce((a, b) => a + b)).toBe(40 - here)
    expect((await db.package())?.assignments).toHaveLength(40)
    expect(await db.pulled.count()).toBe(0)
  })

  it('brings a questionnaire in pieces, letters in the middle of a piece too', async () => {
    const { slice } = server
    let slices = 0
    server.slice = async (...a) => {
      if (++slices === 2) throw offline()
      return slice(...a)
    }
    const link = new Link(2048, 2048) // 8192 bytes at a time, which is no whole number of letters
    await expect(get(link)).rejects.toThrow('web.offline')
    await get(link)
    expect(await db.blanks.all()).toEqual([{ hash, xml: FORM }])
    expect(server.calls.filter((c) => c.startsWith('slice')).map((c) => c.split(' ').at(-1))).toEqual(['0', '8192'])
  })

  it('takes no questionnaire that is not the one it asked for', async () => {
    const quiet = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    server.texts.set(`/field/forms/${hash}`, '<other/>')
    await get()
    expect([await db.blanks.count(), await db.pieces.count()]).toEqual([0, 0])
    quiet.mockRestore()
  })

  it('brings a returned form with the version it is of, once per revision, and drops both when it is done', async () => {
    const older = await server.publish('<older/>', (d) => `/field/forms/${d}`)
    const digest = await server.publish('<data/>', () => '/field/instances/s1')
    const submission = {
      instance_id: 'uuid:1',
      revision: 1,
      state: 'returned',
      digest,
      received_at: '',
      form_hash: older,
      capture: '',
    }
    const a = assignment({
      form_hash: hash,
      state: 'returned',
      returned: back,
      submission,
      instance_url: '/field/instances/s1',
    })
    server.package.assignments = [a]
    await get()
    await get()
    expect(server.calls.filter((c) => c.includes('instances'))).toEqual(['slice /field/instances/s1 0'])
    expect(await db.returned.all()).toEqual([{ assignment: 'a1', revision: 1, xml: '<data/>', form_hash: older }])
    expect((await db.blanks.keys()).sort()).toEqual([hash, older].sort())
    server.package.assignments = [assignment({ form_hash: hash, state: 'done' })]
    await get()
    expect([await db.returned.count(), await db.blanks.keys()]).toEqual([0, [hash]])
  })

  it('goes on when one form is refused, and asks for it again next time', async () => {
    const quiet = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const { slice } = server
    server.slice = async () => {
      throw new ApiError('survey.no_form', '', 404)
    }
    await get()
    expect((await db.package())?.assignments).toHaveLength(1)
    server.slice = slice
    await get()
    expect(await db.blanks.count()).toBe(1)
    quiet.mockRestore()
  })

  it('fetches the version that a draft is of, when it is not on the phone and no assignment is of it', async () => {
    const older = await server.publish('<older/>', (d) => `/field/forms/${d}`)
    const label = { code: '', head_name: '', village: '' }
    await db.drafts.put({ assignment: 'a1', label, form_hash: older, xml: '', page: '', base: 0, updated_at: 0 })
    await get()
    expect((await db.blanks.keys()).sort()).toEqual([hash, older].sort())
  })

  it('keeps the questionnaire of a draft when no assignment needs it any more', async () => {
    await get()
    const label = { code: '', head_name: '', village: '' }
    await db.drafts.put({ assignment: 'a1', label, form_hash: hash, xml: '', page: '', base: 0, updated_at: 0 })
    server.package = pkg({ forms: [], assignments: [] })
    await get()
    expect(await db.blanks.count()).toBe(1)
    await db.drafts.delete('a1')
    await get()
    expect(await db.blanks.count()).toBe(0)
  })
})
