import type { FieldAssignment, FieldPackage, Receipt } from '@ruhu/api'
import { ApiError } from '@ruhu/api'
import type { Parcel } from '../store/rows'
import type { Server } from '../sync/server'

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
      phone: '',
      class: 'exited',
      size: 3,
      members: [],
    },
    prefill: { 'household.size': '3' },
    submission: null,
    returned: null,
    instance_url: '',
    ...over,
  }
}

export function pkg(over: Partial<FieldPackage> = {}): FieldPackage {
  return {
    server_time: '2026-04-13T00:00:00.000Z',
    me: { id: 'u1', account: 'e01', name: '调查员甲' },
    campaign: { id: 'c1', title: '回头看', zone: 'Asia/Shanghai' },
    team: null,
    forms: [{ code: 'registered', version: '1', hash: 'f1', title: { zh: '问卷A', en: 'A' } }],
    assignments: [assignment()],
    ...over,
  }
}

export function parcel(over: Partial<Parcel> = {}): Parcel {
  return {
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

/** A server that keeps what it gets, in memory. Fields are replaced by a test to make it refuse. */
export class MemoryServer implements Server {
  package = pkg()
  etag = '"1"'
  calls: string[] = []
  files = new Map<string, Blob>()
  forms = new Map<string, string>()
  /** Picture names a submission must come with. */
  needs: string[] = []
  private revisions = new Map<string, string[]>()

  pack = async (etag: string | null) => {
    this.calls.push(`pack ${etag ?? '-'}`)
    return etag === this.etag ? null : { body: structuredClone(this.package), etag: this.etag }
  }
  form = async (hash: string) => {
    this.calls.push(`form ${hash}`)
    return `<form id="${hash}"/>`
  }
  instance = async (url: string) => {
    this.calls.push(`instance ${url}`)
    return '<data/>'
  }
  putFile = async (sha256: string, bytes: Blob) => {
    this.calls.push(`file ${sha256}`)
    this.files.set(sha256, bytes)
  }
  submit = async (p: { assignment: string; base: number; xml: string }): Promise<Receipt> => {
    this.calls.push(`submit ${p.assignment} ${p.base}`)
    const known = this.revisions.get(p.assignment) ?? []
    const duplicate = known.at(-1) === p.xml
    if (!duplicate) known.push(p.xml)
    this.revisions.set(p.assignment, known)
    return {
      instance_id: `uuid:${p.assignment}`,
      revision: known.length,
      digest: 'd'.repeat(64),
      received_at: '2026-04-13T08:00:00.000Z',
      duplicate,
      state: 'received',
      missing_files: this.needs.filter((name) => !this.files.has(name.split('.')[0] ?? '')),
    }
  }
}
