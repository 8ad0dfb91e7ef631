import 'fake-indexeddb/auto'
import { sha256 } from '@ruhu/api'
import { beforeEach, describe, expect, it } from 'vitest'
import { households } from '../household/households'
import type { FieldDb } from '../store/db'
import { assignment, offline, openDb, parcel, picture, pkg } from '../test/make'
import { MemoryServer, runWith } from '../test/server'
import { utf8 } from '../vault/bytes'
import { Link } from './link'
import { once } from './once'
import { takeBack } from './taken'

let db: FieldDb
let server: MemoryServer
/** What was sent: `assignment base`. */
let sent: string[]

beforeEach(async () => {
  db = await openDb()
  server = new MemoryServer()
  server.package = pkg({ forms: [], assignments: [assignment({ form_hash: '' })] })
  sent = []
  const { sendForms } = server
  server.sendForms = (s) => {
    sent.push(...s.forms.map((f) => `${f.assignment} ${f.base}`))
    return sendForms(s)
  }
})

const form = (over = {}) => parcel({ id: 'uuid:a1', instance_id: 'uuid:a1', xml: '<d>uuid:a1</d>', ...over })
const draft = (xml = '<d>uuid:a1</d>') => db.drafts.put({ ...form({ xml }), page: '', updated_at: 1 })
const sync = (link?: Link) => once(db, runWith(server, link), true).catch(() => 'broke')
/** Changes the draft and hands it in once more. */
async function anew(): Promise<void> {
  await draft('<d>uuid:a1 changed</d>')
  await db.parcels.put(form({ xml: '<d>uuid:a1 changed</d>', queued_at: 9 }))
}
/** Takes the form back while its request is on its way: the server gets it, and answers or not. */
function takenMeanwhile(answer: boolean): void {
  const { sendForms } = server
  server.sendForms = async (s) => {
    server.sendForms = sendForms
    const p = await db.parcels.get('uuid:a1')
    expect(p && (await takeBack(db, p))).toBe(true)
    const out = await sendForms(s)
    if (!answer) throw offline()
    return out
  }
}

describe('a form that is taken back', () => {
  it('before its turn is not sent by the run that is under way', async () => {
    await draft()
    await db.parcels.put(parcel({ xml: `<d>${'x'.repeat(50_000)}</d>` }), form({ queued_at: 5 }))
    const { sendForms } = server
    server.sendForms = async (s) => {
      const p = await db.parcels.get('uuid:a1')
      if (p) await takeBack(db, p)
      return sendForms(s)
    }
    await sync(new Link(4096, 4096))
    expect([sent, await db.parcels.count(), await db.drafts.count()]).toEqual([['a1 0'], 0, 1])
  })

  it('while it is sent in pieces is not handed over', async () => {
    await draft()
    await db.parcels.put(form({ xml: `<d>uuid:a1 ${'x'.repeat(50_000)}</d>` }))
    const { part } = server
    server.part = async (p) => {
      const row = await db.parcels.get('uuid:a1')
      if (row) await takeBack(db, row)
      return part(p)
    }
    await sync(new Link(4096, 4096))
    expect(sent).toEqual([])
  })

  it('and arrives all the same stays a draft, of the revision that arrived', async () => {
    const photo = await sha256(utf8('photo'))
    await db.pictures.put(picture({ sha256: photo, blob: new Blob(['photo']) }))
    await draft(`<d>uuid:a1 ${photo}</d>`)
    await db.parcels.put(form({ pictures: [photo] }))
    takenMeanwhile(true)
    await sync()
    const { rows } = await households(db, server.package)
    expect(rows[0]).toMatchObject({ state: 'draft', late: 1, draft: { base: 1 }, receipt: { revision: 1 } })
    expect(server.files.has(photo)).toBe(true) // the server has the form, and gets what it names
    await anew()
    await sync()
    expect(sent).toEqual(['a1 0', 'a1 1'])
    expect(await db.unsent()).toEqual({ queued: 0, drafts: 0, media: 0 })
  })

  it('and handed in anew before the first answer comes is the next revision', async () => {
    await draft()
    await db.parcels.put(form())
    const { sendForms } = server
    server.sendForms = async (s) => {
      server.sendForms = sendForms
      const p = await db.parcels.get('uuid:a1')
      if (p) await takeBack(db, p)
      await anew()
      return sendForms(s)
    }
    await sync()
    await sync()
    expect(sent).toEqual(['a1 0', 'a1 1'])
  })

  it('and arrived, which nobody heard, is asked about before it is sent anew', async () => {
    await draft()
    await db.parcels.put(form())
    takenMeanwhile(false)
    expect(await sync()).toBe('offline')
    await anew()
    await sync()
    expect(sent).toEqual(['a1 0', 'a1 1'])
  })

  it('and never arrived is what it was', async () => {
    await draft()
    await db.parcels.put(form())
    expect(await takeBack(db, form())).toBe(true)
    await anew()
    await sync()
    expect(sent).toEqual(['a1 0'])
  })

  it('too late says so, and takes nothing', async () => {
    await draft()
    await db.parcels.put(form())
    await sync()
    expect(await takeBack(db, form())).toBe(false)
    expect([await db.setting('taken_back'), await db.drafts.count()]).toEqual([null, 0])
  })
})
