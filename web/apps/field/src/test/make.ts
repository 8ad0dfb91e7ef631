import type { FieldAssignment, FieldPackage } from '@ruhu/api'
import { ApiError } from '@ruhu/api'
import { FieldDb } from '../store/db'
import type { Parcel, Picture } from '../store/rows'
import { random } from '../vault/bytes'
import { Sealer } from '../vault/seal'

// Valid objects for tests; a test states only what matters to it.
export function assignment(over: Partial<FieldAssignment> = {}): FieldAssignment {
  const region = (code: string, name: string) => ({ code, name, level: 'village', parent: '430922101000' })
  return {
    id: 'a1',
    state: 'open',
    date: '2026-04-13',
    form_hash: 'f1',
    household: {
      id: 'h1',
      code: '430922101203-0001',
      village: region('430922101203', '甲村'),
      group: '一组',
      head_name: '测试户主',
      initials: 'c s h z',
      phone: '',
      class: 'exited',
      size: 3,
      members: [],
      position: null,
    },
    prefill: { 'household.size': '3' },
    submission: null,
    returned: null,
    instance_url: '',
    form: 'registered',
    queries: [],
    ...over,
  }
}

export function pkg(over: Partial<FieldPackage> = {}): FieldPackage {
  return {
    server_time: '2026-04-13T00:00:00.000Z',
    me: { id: 'u1', account: 'e01', name: '调查员甲' },
    campaign: {
      id: 'c1',
      title: '回头看',
      zone: 'Asia/Shanghai',
      dwelling_metres: 500,
      guides: [],
      rulings: [],
      training: '',
    },
    team: null,
    forms: [{ code: 'registered', version: '1', hash: 'f1', title: { zh: '问卷A', en: 'A' } }],
    assignments: [assignment()],
    ...over,
  }
}

export function parcel(over: Partial<Parcel> = {}): Parcel {
  return {
    id: 'uuid:1',
    assignment: 'a1',
    label: { code: '1', head_name: '测试户主', village: '甲村' },
    instance_id: 'uuid:1',
    form_hash: 'f1',
    base: 0,
    xml: '<data/>',
    pictures: [],
    queued_at: 1,
    tries: 0,
    next_at: 0,
    trouble: null,
    detail: null,
    ...over,
  }
}

export const offline = (): ApiError => new ApiError('web.offline', '', 0)

let n = 0

/** A database of its own, unlocked with a key that is wrapped nowhere: deriving keys takes long. */
export async function openDb(name = `test-${n++}`): Promise<FieldDb> {
  const db = new FieldDb(name)
  const id = `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
  db.unlock(await Sealer.make(random(32), id))
  const slot = { salt: '', iterations: 1, nonce: '', wrapped: '' }
  await db.vaults.put({ key: 'vault', id, account: 'u1', pin: slot, office: null, envelope: null })
  return db
}

export function picture(over: Partial<Picture> = {}): Picture {
  return { sha256: 'a'.repeat(64), blob: new Blob(['x']), assignment: 'a1', taken_at: 1, due: 0, ...over }
}
