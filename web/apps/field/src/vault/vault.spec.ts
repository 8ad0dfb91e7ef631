import 'fake-indexeddb/auto'
import { webcrypto } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { FieldDb } from '../store/db'
import { parcel, picture } from '../test/make'
import { adopt } from './adopt'
import { newCode, pack, readBundle, wrapForCode } from './bundle'
import { concat, fromBase64, random, toBase64, utf8, type Bytes } from './bytes'
import { unwrap, wrap, wrapToOffice, type OfficeKey } from './key'
import { Sealer } from './seal'
import { changePin, create, dataKeyOf, isPin, noteOffice, resetPin, unlock } from './vault'

const ROUNDS = 10 // of the key derivation: tests have no thief
let n = 0
let db: FieldDb

beforeEach(() => {
  db = new FieldDb(`vault-${n++}`)
})

/** A county's key pair. */
async function office(): Promise<{
  key: OfficeKey
  open: (e: { point: string; nonce: string; wrapped: string }, account: string, device: string) => Promise<Bytes>
}> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const pair = await webcrypto.subtle.generateKey(curve, true, ['deriveBits'])
  const point = toBase64(new Uint8Array(await webcrypto.subtle.exportKey('raw', pair.publicKey)))
  const open = async (e: { point: string; nonce: string; wrapped: string }, account: string, device: string) => {
    const theirs = await webcrypto.subtle.importKey('raw', fromBase64(e.point), curve, false, [])
    const shared = await webcrypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, pair.privateKey, 256)
    const base = await webcrypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
    const key = await webcrypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: fromBase64(e.point), info: utf8('ruhu office key v1') },
      base,
      { name: 'AES-GCM', length: 256 },
      false,
      ['decrypt'],
    )
    const additionalData = utf8(`ruhu envelope v1\n${account}\n${device}`)
    return new Uint8Array(
      await webcrypto.subtle.decrypt(
        { name: 'AES-GCM', iv: fromBase64(e.nonce), additionalData },
        key,
        fromBase64(e.wrapped),
      ),
    )
  }
  return { key: { id: '01970000-0000-7000-8000-000000000001', point }, open }
}

describe('a data key', () => {
  it('comes out with the right secret only, and only for its device', async () => {
    const key = random(32)
    const slot = await wrap(key, '135790', 'd1', ROUNDS)
    expect(await unwrap(slot, '135790', 'd1')).toEqual(key)
    expect(await unwrap(slot, '135791', 'd1')).toBeNull()
    expect(await unwrap(slot, '135790', 'd2')).toBeNull()
  })

  it('comes out of an envelope with the county’s private key only', async () => {
    const { key: pub, open } = await office()
    const key = random(32)
    const e = await wrapToOffice(key, pub, 'u1', 'd1')
    expect(await open(e, 'u1', 'd1')).toEqual(key)
    await expect(open(e, 'u2', 'd1')).rejects.toThrow()
    await expect((await office()).open(e, 'u1', 'd1')).rejects.toThrow()
  })
})

describe('a sealed row', () => {
  it('opens at its place, and says nothing in the open', async () => {
    const s = await Sealer.make(random(32), 'd1')
    const sealed = await s.seal('drafts', 'a1', { value: { xml: '<户主>某某</户主>' }, bytes: utf8('JPEG') })
    expect(new TextDecoder().decode(sealed)).not.toMatch(/xml|某|JPEG/)
    const opened = await s.open('drafts', 'a1', sealed)
    expect([opened.value, opened.bytes]).toEqual([{ xml: '<户主>某某</户主>' }, utf8('JPEG')])
    expect(await s.seal('drafts', 'a1', { value: 1 })).not.toEqual(await s.seal('drafts', 'a1', { value: 1 }))
  })

  it('does not open elsewhere, changed, cut, or with another key', async () => {
    const s = await Sealer.make(random(32), 'd1')
    const sealed = await s.seal('drafts', 'a1', { value: 1 })
    await expect(s.open('drafts', 'a2', sealed)).rejects.toBe('sealed')
    await expect(s.open('parcels', 'a1', sealed)).rejects.toBe('sealed')
    for (let i = 0; i < sealed.length; i++) {
      const changed = sealed.slice()
      changed[i] = (changed[i] ?? 0) ^ 1
      await expect(s.open('drafts', 'a1', changed)).rejects.toBe('sealed')
    }
    await expect(s.open('drafts', 'a1', sealed.slice(0, -1))).rejects.toBe('sealed')
    await expect((await Sealer.make(random(32), 'd1')).open('drafts', 'a1', sealed)).rejects.toBe('sealed')
  })
})

describe('a phone', () => {
  it('opens with its PIN, keeps what it has through a change of it, and is shut once locked', async () => {
    await create(db, 'u1', '135790', null, ROUNDS)
    await db.parcels.put(parcel())
    await db.lock()
    await expect(db.parcels.all()).rejects.toBe('locked')
    await expect(db.parcels.put(parcel())).rejects.toBe('locked')
    expect(await unlock(db, '000000')).toBe(false)
    expect(db.open).toBe(false)
    expect(await unlock(db, '135790')).toBe(true)
    expect(await changePin(db, '000000', '222222')).toBe(false)
    expect(await changePin(db, '135790', '222222')).toBe(true)
    await db.lock()
    expect([await isPin(db, '135790'), await unlock(db, '222222')]).toEqual([false, true])
    expect(await db.parcels.all()).toEqual([parcel()])
  })

  it('tells without the PIN that something on it was not sent, but not what', async () => {
    await create(db, 'u1', '135790', null, ROUNDS)
    await db.drafts.put({ ...parcel(), page: '', updated_at: 1 })
    await db.parcels.put(parcel({ assignment: 'a2', id: 'uuid:2' }))
    await db.pictures.put(picture({ due: 7 }), picture({ sha256: 'b'.repeat(64) }))
    await db.lock()
    expect(await db.unsent()).toEqual({ queued: 1, drafts: 1, media: 1 })
    const raw = JSON.stringify(await db.rows.toArray())
    expect(raw).not.toMatch(/测试户主|<data/)
  })

  it('gets a new PIN with the data key that the office gives back, but not with another', async () => {
    const { key: pub, open } = await office()
    const row = await create(db, 'u1', '135790', pub, ROUNDS)
    await db.parcels.put(parcel())
    await db.lock()
    await expect(resetPin(db, random(32), '222222')).rejects.toBe('sealed')
    expect(row.envelope).not.toBeNull()
    if (row.envelope) await resetPin(db, await open(row.envelope, 'u1', row.id), '222222')
    expect(await db.parcels.count()).toBe(1)
    expect(await isPin(db, '222222')).toBe(true)
  })

  it('that was set up without the county’s key makes up for it at the next unlock', async () => {
    await create(db, 'u1', '135790', null, ROUNDS)
    await expect(pack(db)).rejects.toBe('office')
    const { key: pub, open } = await office()
    await noteOffice(db, pub)
    await db.lock()
    await unlock(db, '135790')
    const row = await db.vault()
    expect(row?.envelope && (await open(row.envelope, 'u1', row.id))).toEqual(await dataKeyOf(db, '135790'))
  })
})

describe('a package', () => {
  async function full(): Promise<{ file: Blob; code: string; key: Bytes }> {
    const { key: pub } = await office()
    const row = await create(db, 'u1', '135790', pub, ROUNDS)
    await db.parcels.put(parcel())
    // A finished form's draft stays until the receipt; it is the same form.
    await db.drafts.put({ ...parcel(), page: '#finish', updated_at: 1 })
    await db.drafts.put({ ...parcel({ assignment: 'a2' }), page: 'p', updated_at: 1 })
    await db.pictures.put(picture({ blob: new Blob(['jpeg'], { type: 'image/jpeg' }) }))
    await db.blanks.put({ hash: 'f1', xml: '<form/>' })
    await db.set('synced_at', 1)
    const key = (await dataKeyOf(db, '135790')) as Bytes
    const code = newCode()
    return { file: await pack(db, await wrapForCode(key, code, row.id)), code, key }
  }

  it('is gone on with on another phone, with its code, and taken over once', async () => {
    const { file, code } = await full()
    const b = await readBundle(file)
    expect(b.head.code && (await unwrap(b.head.code, code.replace(/-/g, '').slice(1), b.head.device))).toBeNull()
    const key = b.head.code && (await unwrap(b.head.code, code.replace(/-/g, ''), b.head.device))
    const other = new FieldDb(`vault-other-${n++}`)
    await create(other, 'u1', '135790', null, ROUNDS)
    await expect(adopt(other, b, random(32))).rejects.toBe('sealed')
    expect(await other.rows.count()).toBe(0)
    const got = await adopt(other, b, key as Bytes)
    expect(got).toEqual({ forms: 1, drafts: 1, pictures: 1, left: 0 })
    await adopt(other, b, key as Bytes)
    expect(await other.parcels.all()).toEqual([parcel()])
    const drafts = (await other.drafts.all()).map((d) => `${d.assignment} ${d.page}`)
    expect(drafts.sort()).toEqual(['a1 #finish', 'a2 p'])
    expect(await other.blanks.count()).toBe(1)
    const [p] = await other.pictures.all()
    expect([p?.blob.type, await p?.blob.text()]).toEqual(['image/jpeg', 'jpeg'])
  })

  it('leaves alone what the other phone has of its own, and keeps both finished forms', async () => {
    const { file, key } = await full()
    const other = new FieldDb(`vault-other-${n++}`)
    await create(other, 'u1', '135790', null, ROUNDS)
    await other.drafts.put({ ...parcel({ assignment: 'a2', xml: '<own/>' }), page: '', updated_at: 5 })
    await other.parcels.put(parcel({ xml: '<own/>' }))
    const got = await adopt(other, await readBundle(file), key)
    expect(got).toEqual({ forms: 1, drafts: 0, pictures: 1, left: 1 })
    expect((await other.drafts.get('a2'))?.xml).toBe('<own/>')
    expect((await other.parcels.of('a1')).map((p) => p.xml).sort()).toEqual(['<data/>', '<own/>'])
  })

  it('can be made by a locked phone, and holds nothing in the open', async () => {
    await full()
    await db.lock()
    const text = await (await pack(db)).text()
    expect(text).not.toMatch(/测试户主|<data|jpeg/)
    expect(text).not.toContain('"code"')
  })

  it('is refused when cut or changed', async () => {
    const bytes = new Uint8Array(await (await full()).file.arrayBuffer())
    for (let i = 1; i < bytes.length; i += 7) {
      await expect(readBundle(new Blob([bytes.slice(0, i)]))).rejects.toBe('bundle')
      const changed = concat(bytes)
      changed[i] = (changed[i] ?? 0) ^ 1
      await expect(readBundle(new Blob([changed]))).rejects.toBe('bundle')
    }
  })
})
