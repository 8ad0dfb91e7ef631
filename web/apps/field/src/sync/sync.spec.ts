import 'fake-indexeddb/auto'
import { sha256 } from '@ruhu/api'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { FieldDb } from '../store/db'
import { offline, openDb, parcel, picture } from '../test/make'
import { MemoryServer } from '../test/server'
import { concat, random } from '../vault/bytes'

vi.stubGlobal('navigator', { onLine: true })
const { run, sync } = await import('./sync')

let db: FieldDb
let server: MemoryServer

beforeEach(async () => {
  db = await openDb()
  server = new MemoryServer()
  server.package = { ...server.package, forms: [], assignments: [] }
})

const kinds = () => server.calls.map((c) => c.split(' ')[0])
const form = (n: number, over = {}) =>
  parcel({
    id: `uuid:${n}`,
    instance_id: `uuid:${n}`,
    assignment: `a${n}`,
    xml: `<d n="${n}"/>`,
    queued_at: n,
    ...over,
  })
async function photo(): Promise<string> {
  const bytes = concat(...[1, 2, 3, 4].map(() => random(60_000)))
  const digest = await sha256(bytes)
  await db.pictures.put(picture({ sha256: digest, blob: new Blob([bytes]), due: 5, assignment: 'a0' }))
  return digest
}
/** Does something when the nth piece of a photograph has arrived. */
function atPiece(n: number, what: () => Promise<unknown>): void {
  const { part } = server
  let seen = 0
  server.part = async (p) => {
    const got = await part(p)
    if (++seen === n) await what()
    return got
  }
}

describe('a form that is handed in while a photograph is on its way', () => {
  it('is received before the photograph is whole, and no piece goes twice', async () => {
    const digest = await photo()
    let after: Promise<void> | undefined
    atPiece(2, async () => {
      await db.parcels.put(form(1))
      after = run(db, true, server)
    })
    await run(db, false, server)
    await after
    expect(server.calls.filter((c) => /^(forms|part)/.test(c)).map((c) => c.split(' ')[0])).toEqual([
      'part',
      'part',
      'forms',
      ...kinds()
        .filter((k) => k === 'part')
        .slice(2),
    ])
    expect(kinds().filter((k) => k === 'part').length).toBeGreaterThan(3)
    const bytes = server.calls.filter((c) => c.startsWith('part')).reduce((n, c) => n + Number(c.split('+')[1]), 0)
    expect([bytes, server.files.has(digest)]).toEqual([240_000, true])
    expect([await db.unsent(), sync.running, sync.trouble]).toEqual([{ queued: 0, drafts: 0, media: 0 }, false, null])
  })

  it('goes first also when another tab has put it there, or when its wait is over', async () => {
    await photo()
    atPiece(1, () => db.parcels.put(form(1)))
    await run(db, false, server)
    expect(kinds().indexOf('forms')).toBeLessThan(kinds().lastIndexOf('part'))
    expect(await db.unsent()).toEqual({ queued: 0, drafts: 0, media: 0 })
  })

  it('does not hold it up when it has to wait', async () => {
    await photo()
    await db.parcels.put(form(1, { next_at: Date.now() + 9e6, tries: 5 }))
    await run(db, false, server)
    expect(kinds().filter((k) => k === 'manifest')).toHaveLength(1)
    expect(await db.unsent()).toEqual({ queued: 1, drafts: 0, media: 0 })
  })
})

describe('a run that is asked for while one is under way', () => {
  it('happens right after, once, and with what a person asked for', async () => {
    await db.parcels.put(form(1, { next_at: Date.now() + 9e6, tries: 5 }))
    const { manifest } = server
    let asked = false
    server.manifest = async (etag) => {
      if (!asked) for (const force of [false, true, false]) void run(db, force, server)
      asked = true
      return manifest(etag)
    }
    await run(db, false, server)
    expect(kinds().filter((k) => k === 'manifest')).toHaveLength(2)
    expect(kinds().filter((k) => k === 'forms')).toHaveLength(1)
  })

  it('happens also when the first one broke off, and does not go on for ever', async () => {
    server.manifest = async () => {
      server.calls.push('manifest')
      if (kinds().filter((k) => k === 'manifest').length === 1) void run(db, true, server)
      throw offline()
    }
    await run(db, false, server)
    expect([kinds(), sync.running, sync.trouble]).toEqual([['manifest', 'manifest'], false, 'offline'])
  })

  it('is forgotten with the key', async () => {
    const { manifest } = server
    server.manifest = async (etag) => {
      void run(db, true, server)
      void db.lock()
      return manifest(etag)
    }
    await run(db, false, server)
    expect([kinds().filter((k) => k === 'manifest').length, sync.running]).toEqual([1, false])
  })
})

it('what has arrived is told before the photographs are through', async () => {
  await photo()
  await db.parcels.put(form(1))
  const seen: number[] = []
  atPiece(1, async () => void seen.push(sync.queued))
  sync.queued = 9
  await run(db, false, server)
  expect(seen).toEqual([0])
})
