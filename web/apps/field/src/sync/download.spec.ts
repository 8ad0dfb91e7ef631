import 'fake-indexeddb/auto'
import { ApiError } from '@ruhu/api'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FieldDb } from '../store/db'
import { assignment, MemoryServer, offline, pkg } from '../test/make'
import { download } from './download'

let db: FieldDb
let server: MemoryServer
let n = 0

beforeEach(() => {
  db = new FieldDb(`download-${n++}`)
  server = new MemoryServer()
})

const back = { level: 'supervisor', note: '请核对', by_name: '督导', at: '', revision: 1, comments: [] }
const submission = { instance_id: 'uuid:1', revision: 1, state: 'returned', digest: '', received_at: '' }

describe('the download', () => {
  it('brings the package and its questionnaires', async () => {
    await download(db, server)
    expect((await db.package())?.assignments).toHaveLength(1)
    expect(await db.blanks.toArray()).toEqual([{ hash: 'f1', xml: '<form id="f1"/>' }])
  })

  it('fetches nothing twice while nothing changes', async () => {
    await download(db, server)
    server.calls = []
    await download(db, server)
    expect(server.calls).toEqual(['pack "1"'])
  })

  it('keeps the old package when the new one’s questionnaire does not arrive', async () => {
    await download(db, server)
    server.package = pkg({ assignments: [assignment({ id: 'a2', form_hash: 'f2' })] })
    server.etag = '"2"'
    const form = server.form
    server.form = async () => {
      throw offline()
    }
    await expect(download(db, server)).rejects.toThrow('web.offline')
    expect((await db.package())?.assignments[0]?.id).toBe('a1')
    server.form = form
    await download(db, server)
    expect((await db.package())?.assignments[0]?.id).toBe('a2')
  })

  it('brings a returned form, once per revision, and drops it when it is done', async () => {
    server.package = pkg({
      assignments: [assignment({ state: 'returned', returned: back, submission, instance_url: '/field/instances/s1' })],
    })
    await download(db, server)
    await download(db, server)
    expect(server.calls.filter((c) => c.startsWith('instance'))).toEqual(['instance /field/instances/s1'])
    expect(await db.returned.toArray()).toMatchObject([{ assignment: 'a1', revision: 1 }])
    server.package = pkg({ assignments: [assignment({ state: 'done' })] })
    server.etag = '"2"'
    await download(db, server)
    expect(await db.returned.count()).toBe(0)
  })

  it('goes on when one returned form is refused, and asks for it again next time', async () => {
    const quiet = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const instance = server.instance
    server.instance = async () => {
      throw new ApiError('submission.not_found', '', 404)
    }
    server.package = pkg({
      assignments: [assignment({ state: 'returned', returned: back, submission, instance_url: '/field/instances/s1' })],
    })
    await download(db, server)
    expect((await db.package())?.assignments[0]?.state).toBe('returned')
    server.instance = instance
    await download(db, server)
    expect(await db.returned.count()).toBe(1)
    quiet.mockRestore()
  })

  it('keeps the questionnaire of a draft when no assignment needs it any more', async () => {
    await download(db, server)
    const label = { code: '', head_name: '', village: '' }
    await db.drafts.put({ assignment: 'a1', label, form_hash: 'f1', xml: '', page: '', base: 0, updated_at: 0 })
    server.package = pkg({ forms: [], assignments: [] })
    server.etag = '"2"'
    await download(db, server)
    expect(await db.blanks.count()).toBe(1)
    await db.drafts.clear()
    await download(db, server)
    expect(await db.blanks.count()).toBe(0)
  })
})
