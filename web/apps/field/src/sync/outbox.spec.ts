import 'fake-indexeddb/auto'
import { ApiError, sha256 } from '@ruhu/api'
import { beforeEach, describe, expect, it } from 'vitest'
import { digestOf, keepPicture, pictureOf } from '../form/pictures'
import type { FieldDb } from '../store/db'
import { offline, openDb, parcel, picture } from '../test/make'
import { MemoryServer, runWith } from '../test/server'
import { utf8 } from '../vault/bytes'
import { Link } from './link'
import { sendForms, sendMedia, wait } from './outbox'

let db: FieldDb
let server: MemoryServer

beforeEach(async () => {
  db = await openDb()
  server = new MemoryServer()
})

const send = (force = false) => sendForms(db, runWith(server), force)
const another = (n: number) =>
  parcel({ xml: `<data n="${n}"/>`, id: `uuid:${n}`, instance_id: `uuid:${n}`, assignment: `a${n}`, queued_at: n })
const photo = async (content: string, over = {}) =>
  picture({ sha256: await sha256(utf8(content)), blob: new Blob([content]), ...over })

describe('forms', () => {
  it('go oldest first, several in one request, and leave against their receipts', async () => {
    await db.parcels.put(another(2), another(1))
    await db.drafts.put({ ...another(1), xml: '<d>uuid:1</d>', page: '', updated_at: 1 })
    expect(await send()).toBe('done')
    expect(server.calls).toEqual(['forms a1 a2'])
    expect([await db.parcels.count(), await db.drafts.count()]).toEqual([0, 0])
    expect(await db.receipts.all()).toMatchObject([{ assignment: 'a1', state: 'received' }, { assignment: 'a2' }])
  })

  it('go before their pictures, which stay until the server has them', async () => {
    const [named, retaken, other] = await Promise.all([
      photo('named'),
      photo('retaken'),
      photo('other', { assignment: 'a9' }),
    ])
    server.needs = [`${named.sha256}.jpg`]
    await db.pictures.put(named, retaken, other)
    await db.parcels.put(parcel({ pictures: [named.sha256] }))
    await send()
    expect((await db.pictures.keys()).sort()).toEqual([named.sha256, other.sha256].sort())
    expect(await db.receipts.all()).toMatchObject([{ missing_files: [`${named.sha256}.jpg`] }])
    await sendMedia(db, runWith(server))
    expect(await db.pictures.keys()).toEqual([other.sha256])
    expect(await db.receipts.all()).toMatchObject([{ missing_files: [] }])
  })

  it('leave the pictures of a draft that was thrown away, also one that they name themselves', async () => {
    const [own, both] = await Promise.all([photo('own'), photo('both')])
    server.needs = [`${both.sha256}.jpg`]
    await db.pictures.put(own, both)
    const draft = { ...parcel({ xml: `<d>${own.sha256} ${both.sha256}</d>` }), page: '', updated_at: 1 }
    await db.thrown.put({ id: 't', draft, thrown_at: 1 })
    await db.parcels.put(parcel({ pictures: [both.sha256] }))
    await send()
    await sendMedia(db, runWith(server))
    expect((await db.pictures.all()).map((p) => [p.sha256, p.due])).toEqual(
      [own.sha256, both.sha256].sort().map((k) => [k, 0]),
    )
  })

  it('stop without a network, are kept, and wait longer each time', async () => {
    await db.parcels.put(another(1))
    server.sendForms = async () => {
      throw offline()
    }
    expect(await send()).toBe('offline')
    expect(await db.parcels.all()).toMatchObject([{ tries: 1, next_at: 1_000 + wait(1), trouble: 'network' }])
    expect(await send()).toBe('done') // nothing is due
    expect(await db.parcels.all()).toMatchObject([{ tries: 1 }])
    expect(await send(true)).toBe('offline') // a person asks
    expect(await db.parcels.all()).toMatchObject([{ tries: 2 }])
  })

  it('wait for a login that has run out', async () => {
    await db.parcels.put(parcel())
    server.sendForms = async () => {
      throw new ApiError('account.session', '请重新登录', 401)
    }
    expect(await send()).toBe('login')
    expect(await db.parcels.count()).toBe(1)
  })

  it('do not hold up one another when one is refused', async () => {
    await db.parcels.put(another(1), another(2))
    const { sendForms } = server
    server.sendForms = async (s) => {
      const answers = await sendForms(s)
      return answers.map((a, i) => (i === 0 ? { ...a, receipt: null, code: 'web.too_large', detail: '表格太大' } : a))
    }
    expect(await send()).toBe('done')
    expect(await db.parcels.all()).toMatchObject([{ assignment: 'a1', trouble: 'web.too_large', detail: '表格太大' }])
    expect(await db.receipts.count()).toBe(1)
  })

  it('are not given up for a receipt of other bytes', async () => {
    await db.parcels.put(parcel())
    const { receive } = server
    server.receive = async (a, xml) => ({ ...(await receive.call(server, a, xml)), digest: 'f'.repeat(64) })
    await send()
    expect([await db.parcels.count(), await db.receipts.count()]).toEqual([1, 0])
  })

  it('of many pages go in pieces, and go on where they broke off', async () => {
    const xml = `<data>${'x'.repeat(40_000)}</data>`
    await db.parcels.put(parcel({ xml }))
    const link = new Link(4096, 4096)
    const { part } = server
    let pieces = 0
    server.part = async (p) => {
      if (++pieces === 4) throw offline()
      return part(p)
    }
    expect(await sendForms(db, runWith(server, link), true)).toBe('offline')
    const before = server.parts.get(await sha256(utf8(xml)))?.length
    expect(before).toBeGreaterThan(10_000)
    expect(await sendForms(db, runWith(server, link), true)).toBe('done')
    expect(server.calls.filter((c) => c.includes(` ${before}+`))).toHaveLength(1)
    expect(server.sentForms).toMatchObject([{ digest: await sha256(utf8(xml)) }])
  })

  it('that were taken back on their way leave the newer draft alone', async () => {
    await db.drafts.put({ ...parcel(), page: '', updated_at: 1 })
    await db.parcels.put(parcel())
    const { sendForms } = server
    server.sendForms = async (s) => {
      await db.parcels.delete('uuid:1')
      return sendForms(s)
    }
    await send()
    expect([await db.drafts.count(), await db.receipts.count()]).toEqual([1, 1])
  })
})

describe('another form of the same household, out of a package', () => {
  it('keeps its pictures, and the draft of this phone stays', async () => {
    const [theirs, mine] = [await photo('theirs'), await photo('mine')]
    await db.pictures.put(theirs, mine)
    await db.parcels.put(
      parcel(),
      parcel({ id: 'uuid:8', instance_id: 'uuid:8', xml: `<p>${theirs.sha256}</p>`, next_at: 9e15 }),
    )
    await db.drafts.put({ ...parcel({ xml: `<d>uuid:9 ${mine.sha256}</d>` }), page: '', updated_at: 1 })
    await send()
    expect(await db.parcels.keys()).toEqual(['uuid:8'])
    expect((await db.pictures.keys()).sort()).toEqual([theirs.sha256, mine.sha256].sort())
    expect(await db.drafts.count()).toBe(1)
  })
})

describe('pictures', () => {
  it('that the server has are not sent again', async () => {
    const p = await photo('known', { due: 5 })
    server.files.set(p.sha256, utf8('known'))
    await db.pictures.put(p)
    await sendMedia(db, runWith(server))
    expect(server.calls).toEqual(['have 1'])
    expect(await db.pictures.count()).toBe(0)
  })

  it('go oldest first, in pieces, from where the server is', async () => {
    const [late, early] = [await photo('b'.repeat(5000), { due: 9 }), await photo('a'.repeat(5000), { due: 3 })]
    server.parts.set(early.sha256, utf8('a'.repeat(1000)))
    await db.pictures.put(late, early)
    await sendMedia(db, runWith(server, new Link(4096, 4096)))
    const short = (p: { sha256: string }) => p.sha256.slice(0, 4)
    expect(server.calls).toEqual([
      'have 2',
      `part ${short(early)} 1000+4000`,
      `part ${short(late)} 0+4096`,
      `part ${short(late)} 4096+904`,
    ])
    expect(server.files.size).toBe(2)
  })

  it('begin where the server says after it has lost some', async () => {
    const p = await photo('c'.repeat(6000), { due: 3 })
    await db.pictures.put(p)
    const { part } = server
    server.part = async (x) => {
      if (x.offset > 0) server.part = part
      if (x.offset > 0) server.parts.delete(x.sha256) // killed, with the piece not on the disk
      return part(x)
    }
    await sendMedia(db, runWith(server, new Link(4096, 4096)))
    expect(server.files.get(p.sha256)?.length).toBe(6000)
  })

  it('that two households share is sent for both, in whichever order they are handed in', async () => {
    const blob = new Blob(['same'])
    const digest = digestOf(await keepPicture(db, 'a1', blob))
    await keepPicture(db, 'a2', blob)
    server.needs = [`${digest}.jpg`]
    await db.parcels.put({ ...another(1), pictures: [digest] })
    await send()
    await keepPicture(db, 'a1', blob) // taken once more while the first is on its way
    expect((await db.pictures.of('a1')).map((p) => p.due)).toEqual([1])
    // A draft of the other household may still be thrown away; here it is handed in.
    await sendMedia(db, runWith(server))
    expect((await db.pictures.all()).map((p) => p.assignment)).toEqual(['a2'])
    expect((await pictureOf(db, 'a2', digest))?.assignment).toBe('a2')
    await db.parcels.put({ ...another(2), pictures: [digest] })
    await send()
    await sendMedia(db, runWith(server))
    expect(await db.pictures.count()).toBe(0)
    expect((await db.receipts.all()).map((r) => r.missing_files)).toEqual([[], []])
  })

  it('that two households share is asked after once', async () => {
    const blob = new Blob(['same'])
    const digest = digestOf(await keepPicture(db, 'a1', blob))
    await keepPicture(db, 'a2', blob)
    server.needs = [`${digest}.jpg`]
    await db.parcels.put({ ...another(1), pictures: [digest] }, { ...another(2), pictures: [digest] })
    await send()
    server.calls = []
    await sendMedia(db, runWith(server))
    expect(server.calls).toEqual(['have 1', `part ${digest.slice(0, 4)} 0+4`])
    expect((await db.receipts.all()).map((r) => r.missing_files)).toEqual([[], []])
    expect(await db.pictures.count()).toBe(0)
  })

  it('whose row came under another household only is sent for this one, too', async () => {
    const p = await photo('theirs', { assignment: 'a9' })
    server.needs = [`${p.sha256}.jpg`]
    await db.pictures.put(p)
    await db.parcels.put(parcel({ pictures: [p.sha256] }))
    await send()
    await sendMedia(db, runWith(server))
    expect(await db.receipts.all()).toMatchObject([{ assignment: 'a1', missing_files: [] }])
    expect((await db.pictures.all()).map((x) => x.assignment)).toEqual(['a9'])
  })

  it('of a finished form that is being corrected stay for its draft', async () => {
    const p = await photo('kept', { due: 3 })
    await db.pictures.put(p)
    await db.drafts.put({ ...parcel({ xml: `<p>${p.sha256}.jpg</p>` }), page: '', updated_at: 1 })
    await sendMedia(db, runWith(server))
    expect(await db.pictures.all()).toMatchObject([{ sha256: p.sha256, due: 0 }])
  })
})

it.each([
  [1, 5_000],
  [2, 10_000],
  [20, 600_000],
])('after %i failures the phone waits %i ms', (tries, ms) => {
  expect(wait(tries)).toBe(ms)
})
