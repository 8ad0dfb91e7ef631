import 'fake-indexeddb/auto'
import { ApiError, sha256, type Sight } from '@ruhu/api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FieldDb } from '../store/db'
import type { EarlierList } from '../store/rows'
import { assignment, offline, openDb, parcel, pkg } from '../test/make'
import { MemoryServer, runWith } from '../test/server'
import { pack } from '../vault/bundle'
import { random } from '../vault/bytes'
import { carry, MOST } from './earlier'
import { Link } from './link'
import { settle } from './outbox'
import { refresh, run, settled, sync } from './sync'

// sync.ts looks at it when it is loaded; a browser has it.
vi.hoisted(() =>
  Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true, writable: true }),
)

let db: FieldDb
let server: MemoryServer
/** What the server has, by digest. */
let jpegs: Map<string, Uint8Array<ArrayBuffer>>

beforeEach(async () => {
  db = await openDb()
  server = new MemoryServer()
  jpegs = new Map()
  const { slice } = server
  server.slice = async (path, offset, limit) => {
    const jpeg = jpegs.get(/earlier\/([0-9a-f]{64})\?device=/.exec(path)?.[1] ?? '')
    if (!jpeg) return slice(path, offset, limit)
    server.calls.push(`jpeg ${offset}`)
    return { bytes: jpeg.slice(offset, offset + limit), size: jpeg.length }
  }
})
afterEach(() => vi.unstubAllGlobals())

async function sight(id: string, sizes: number[], over: Partial<Sight> = {}): Promise<Sight> {
  const pictures = []
  for (const size of sizes) {
    const jpeg = random(size)
    const digest = await sha256(jpeg)
    jpegs.set(digest, jpeg)
    pictures.push({ sha256: digest, size, label: { zh: '照片', en: 'Photo' }, day: '2025-04-13', round: '上一轮' })
  }
  return { assignment: id, pictures, position: null, ...over }
}

/** The team's households, as the package has them, with what earlier rounds saw. */
async function homes(...sights: Sight[]): Promise<void> {
  server.sights = sights
  server.package = pkg({ forms: [], assignments: sights.map((s) => assignment({ id: s.assignment, form_hash: '' })) })
  await db.set('package', server.package)
}

const go = (over: Partial<Parameters<typeof carry>[2]> = {}, link = new Link(), now = 1_000) =>
  carry(db, runWith(server, link, now), { stop: () => false, left: () => {}, force: false, ...over })
const kinds = () => server.calls.map((c) => c.split(' ')[0])
const room = (free: number) =>
  vi.stubGlobal('navigator', {
    onLine: true,
    storage: { estimate: async () => ({ quota: 2 ** 31, usage: 2 ** 31 - free }) },
  })

describe('pictures of earlier rounds', () => {
  it('come once, each under its digest, sealed', async () => {
    const a = await sight('a1', [900, 800])
    await homes(a, await sight('a2', [700], { pictures: [...a.pictures.slice(0, 1)] }))
    await go()
    expect((await db.earlier.all()).map((p) => p.jpeg.length).sort()).toEqual([800, 900])
    expect(await db.pieces.count()).toBe(0)
    const [row] = await db.rows.where('t').equals('earlier').toArray()
    expect(row && new TextDecoder().decode(row.body)).not.toContain('a1')
    server.calls = []
    await go()
    expect(server.calls).toEqual([])
  })

  it('are the last thing in a run, and are asked for again when the package has changed', async () => {
    await homes(await sight('a1', [900]))
    await db.parcels.put(parcel({ assignment: 'other' }))
    await run(db, true, server)
    await settled()
    expect(kinds()).toEqual(['forms', 'manifest', 'pull', 'sent', 'earlier', 'jpeg'])
    server.calls = []
    await run(db, false, server)
    await settled()
    expect(kinds()).not.toContain('earlier')
    server.package.assignments = [...server.package.assignments, assignment({ id: 'a9', form_hash: '' })]
    await run(db, false, server)
    await settled()
    expect(server.calls.at(-1)).toBe('earlier known')
  })

  it('do not come in a run that broke off, and a break of theirs is none of the run', async () => {
    await homes(await sight('a1', [900]))
    const { sent, earlier } = server
    server.sent = () => Promise.reject(offline())
    await run(db, true, server)
    await settled()
    expect([sync.trouble, kinds().includes('earlier')]).toEqual(['offline', false])
    server.sent = sent
    for (const e of [offline(), new ApiError('device.given_up', '', 409), new ApiError('x', '', 401)]) {
      server.earlier = () => Promise.reject(e)
      await run(db, true, server)
      await settled()
      expect([sync.trouble, sync.earlier, sync.running]).toEqual([null, 0, false])
    }
    server.earlier = earlier
    await run(db, true, server)
    await settled()
    expect(await db.earlier.count()).toBe(1)
  })

  it('stop for a form that waits, and go on after it', async () => {
    await homes(await sight('a1', [900, 900, 900]))
    const { slice } = server
    let went: Promise<void> | null = null
    server.slice = async (...a) => {
      const out = await slice(...a)
      if (!went) {
        await db.parcels.put(parcel({ assignment: 'other' }))
        went = run(db, true, server)
        expect(sync.running).toBe(true) // at once, while a piece is under way
      }
      return out
    }
    await run(db, true, server)
    await settled()
    await went
    await settled()
    const after = kinds().slice(kinds().indexOf('jpeg'))
    expect(after.filter((k) => k === 'jpeg')).toHaveLength(3)
    expect(after.indexOf('forms')).toBeLessThan(after.lastIndexOf('jpeg'))
    expect([await db.earlier.count(), await db.parcels.count(), sync.earlier]).toEqual([3, 0, 0])
  })

  it('go on where they broke off, in pieces that fit the link', async () => {
    await homes(await sight('a1', [9_000]))
    const { slice } = server
    let n = 0
    server.slice = (...a) => (++n === 3 ? Promise.reject(offline()) : slice(...a))
    await expect(go({}, new Link(2048, 2048))).rejects.toThrow('web.offline')
    expect((await db.pieces.all()).map((p) => p.bytes.length)).toEqual([4096])
    await go({}, new Link(2048, 2048))
    expect(server.calls.filter((c) => c.startsWith('jpeg'))).toEqual(
      [0, 2048, 4096, 6144, 8192].map((o) => `jpeg ${o}`),
    )
    expect([await db.earlier.count(), await db.pieces.count()]).toEqual([1, 0])
  })

  it('are a list in pages that is taken over whole; one that changes meanwhile is read again', async () => {
    await homes(...(await Promise.all(Array.from({ length: 11 }, (_, i) => sight(`a${i}`, [100])))))
    const { earlier } = server
    server.earlier = async (p) => {
      const out = await earlier(p)
      return out && p.cursor === '5' ? { ...out, etag: 'other' } : out
    }
    await expect(go({}, new Link(2048))).rejects.toThrow('web.answer')
    expect(await db.setting('earlier')).toBeNull()
    server.earlier = earlier
    await go({}, new Link(2048))
    expect((await db.setting<EarlierList>('earlier'))?.items).toHaveLength(11)
    expect(await db.earlier.count()).toBe(11)
  })

  it('are asked about again soon while the server makes them, else after an hour or when somebody asks', async () => {
    await homes(await sight('a1', [100]))
    server.making = true
    await go()
    await go()
    expect(server.calls.filter((c) => c.startsWith('earlier'))).toEqual(['earlier -', 'earlier known'])
    server.making = false
    await go()
    server.calls = []
    await go()
    expect(server.calls).toEqual([])
    await go({ force: true })
    await go({}, new Link(), 1_000 + 3_600_000)
    expect(server.calls).toEqual(['earlier known', 'earlier known'])
  })

  it('are no more than fit: the first of the list', async () => {
    const big = await sight('a1', [100])
    big.pictures = Array.from({ length: 3 }, (_, i) => ({
      ...(big.pictures[0] as Sight['pictures'][0]),
      sha256: String(i).repeat(64),
      size: MOST / 2 - 1,
    }))
    const first = await sight('a0', [100])
    await homes(first, big, await sight('a2', [100]))
    const asked: string[] = []
    const { slice } = server
    server.slice = async (path, ...rest) => {
      asked.push(/earlier\/(.)/.exec(path)?.[1] ?? '')
      if (/earlier\/[0-9]{64}/.test(path)) throw new ApiError('blob.not_found', '', 404)
      return slice(path, ...rest)
    }
    await go()
    expect(asked).toHaveLength(2) // the small one and one of the large ones: two are too much together with it
    server.calls = []
    asked.length = 0
    await go()
    expect(asked).toEqual([]) // what was refused is not asked for again
    expect(await db.earlier.count()).toBe(1)
  })

  it('are not fetched on a phone that is nearly full, and go', async () => {
    await homes(await sight('a1', [900]))
    await go()
    room(2 ** 30)
    await go()
    expect(await db.earlier.count()).toBe(1)
    room(49 * 2 ** 20)
    server.calls = []
    await go({ force: true })
    expect([await db.earlier.count(), server.calls]).toEqual([0, []])
    room(50 * 2 ** 20 + 899)
    await go()
    expect(await db.earlier.count()).toBe(0)
    room(50 * 2 ** 20 + 900)
    await go()
    expect(await db.earlier.count()).toBe(1)
  })

  it('give way to a form when the disk is full', async () => {
    await homes(await sight('a1', [900]))
    await go()
    const { bulkPut } = db.rows
    let full = 1
    db.rows.bulkPut = ((...a: Parameters<typeof bulkPut>) =>
      full-- > 0
        ? Promise.reject(Object.assign(new Error('x'), { name: 'QuotaExceededError' }))
        : bulkPut.apply(db.rows, a)) as never
    await db.parcels.put(parcel())
    expect([await db.parcels.count(), await db.earlier.count()]).toEqual([1, 0])
  })

  it('go with the receipt, with the assignment, and with what has been handed in elsewhere', async () => {
    await homes(await sight('a1', [100]), await sight('a2', [100]), await sight('a3', [100]))
    await go()
    const p = parcel()
    await db.parcels.put(p)
    const receipt = {
      instance_id: 'uuid:1',
      revision: 1,
      digest: '',
      received_at: '',
      duplicate: false,
      state: 'received',
    }
    await settle(db, p, { ...receipt, missing_files: [] } as never)
    expect((await db.earlier.all()).map((x) => x.assignment).sort()).toEqual(['a2', 'a3'])
    const [, two, three] = server.package.assignments
    if (!two || !three) throw new Error('package')
    await db.set('package', { ...server.package, assignments: [{ ...two, state: 'submitted' }] })
    await go()
    expect(await db.earlier.count()).toBe(0)
  })

  it('are in no package, and nothing that waits to be sent', async () => {
    await homes(await sight('a1', [100]))
    await go()
    await db.vaults.update('vault', { envelope: { key: 'k', point: '', nonce: '', wrapped: '' } })
    const bytes = new TextDecoder('latin1').decode(await (await pack(db)).arrayBuffer())
    expect(bytes).not.toContain('"earlier"')
    expect(await db.unsent()).toEqual({ queued: 0, drafts: 0, media: 0 })
    await refresh(db)
    expect([sync.queued, sync.media]).toEqual([0, 0])
  })
})
