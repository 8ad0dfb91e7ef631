import { ApiError, sha256, type Sight } from '@ruhu/api'
import type {
  FieldPackage,
  FieldQuery,
  QuizAttempt,
  QuizMark,
  Receipt,
  Said,
  Sent,
  SyncAnswer,
  SyncFile,
  SyncHave,
  SyncPull,
  SyncSend,
} from '@ruhu/api'
import { Link } from '../sync/link'
import type { Run, Server } from '../sync/server'
import { concat, text, utf8 } from '../vault/bytes'
import { pkg } from './make'

const tagOf = (v: unknown): string => JSON.stringify(v)

/** A server that keeps what it gets, in memory. Methods are replaced by a test to make it refuse. */
export class MemoryServer implements Server {
  package: FieldPackage = pkg()
  calls: string[] = []
  files = new Map<string, Uint8Array>()
  parts = new Map<string, Uint8Array>()
  /** What it has of forms and instances, by path. */
  texts = new Map<string, string>()
  order = { wipe: false, replaced: false }
  sentForms: Sent[] = []
  /** Picture names a submission must come with. */
  needs: string[] = []

  attempt = async (a: QuizAttempt): Promise<QuizMark> => {
    this.calls.push(`attempt ${a.id} ${a.answers.length}`)
    return {
      id: a.id,
      asked: 2,
      correct: 1,
      passed: false,
      wrong: ['two'],
      finished_at: a.finished_at,
      received_at: '',
    }
  }
  /** Keys of badges that it was told. */
  badges = new Set<string>()
  hello = async ({ badge }: { badge: string }) => ({
    server_time: '',
    ...this.order,
    badge: this.badges.add(badge).has(badge),
    office_key: { id: '01970000-0000-7000-8000-000000000001', point: '' },
    max_part: 1 << 19,
  })
  have = async (files: SyncFile[]): Promise<SyncHave[]> => {
    this.calls.push(`have ${files.length}`)
    return files.map(({ sha256 }) => ({
      sha256,
      whole: this.files.has(sha256),
      offset: this.parts.get(sha256)?.length ?? 0,
    }))
  }
  part = async (p: {
    sha256: string
    offset: number
    size: number
    form: boolean
    bytes: Uint8Array
  }): Promise<SyncHave> => {
    const here = this.parts.get(p.sha256) ?? new Uint8Array()
    if (p.offset > here.length) throw new ApiError('blob.offset', '', 409, { offset: here.length })
    this.calls.push(`part ${p.sha256.slice(0, 4)} ${p.offset}+${p.bytes.length}`)
    const now = concat(here, p.bytes.subarray(here.length - p.offset))
    this.parts.set(p.sha256, now)
    const whole = now.length === p.size && !p.form
    if (whole) this.files.set(p.sha256, now)
    return { sha256: p.sha256, whole, offset: now.length }
  }
  sendForms = async ({ forms }: SyncSend): Promise<SyncAnswer[]> => {
    this.calls.push(`forms ${forms.map((f) => f.assignment).join(' ')}`)
    return Promise.all(
      forms.map(async (f) => {
        const part = this.parts.get(f.digest)
        const xml = f.xml ?? (part && text(part))
        if (!xml) return { digest: f.digest, receipt: null, code: 'blob.offset', detail: '' }
        return { digest: f.digest, receipt: await this.receive(f.assignment, xml), code: '', detail: '' }
      }),
    )
  }
  async receive(assignment: string, xml: string): Promise<Receipt> {
    const digest = await sha256(utf8(xml))
    const instance_id = `uuid:${assignment}`
    const known = this.sentForms.filter((s) => s.instance_id === instance_id)
    const same = known.find((s) => s.digest === digest)
    const revision = same?.revision ?? known.length + 1
    const received_at = '2026-04-13T08:00:00.000Z'
    const missing_files = this.needs.filter((name) => !this.files.has(name.split('.')[0] ?? ''))
    const row = { instance_id, revision, digest, received_at, state: 'received', missing_files }
    if (!same) this.sentForms.push({ ...row, assignment, current: revision, second: null })
    return { ...row, duplicate: same !== undefined }
  }
  sent = async (cursor: string) => {
    this.calls.push(`sent ${cursor}`)
    return { items: this.sentForms, next: '' }
  }
  manifest = async (etag: string | null) => {
    const { assignments, server_time: _, ...head } = this.package
    const body = {
      head: tagOf(head),
      forms: head.forms,
      assignments: assignments.map((a) => ({ id: a.id, tag: tagOf(a) })),
    }
    this.calls.push(`manifest ${etag ? 'known' : '-'}`)
    return etag === tagOf(body) ? null : { body, etag: tagOf(body) }
  }
  pull = async (want: SyncPull) => {
    this.calls.push(`pull ${want.head ? 'head ' : ''}${want.assignments.length}`)
    const { assignments, server_time: _, ...head } = structuredClone(this.package)
    return { head: want.head ? head : null, assignments: assignments.filter((a) => want.assignments.includes(a.id)) }
  }
  slice = async (path: string, offset: number, limit: number) => {
    this.calls.push(`slice ${path} ${offset}`)
    const bytes = utf8(this.texts.get(path) ?? '')
    return { bytes: bytes.subarray(offset, offset + limit), size: bytes.length }
  }
  sights: Sight[] = []
  making = false
  earlier = async (p: { device: string; cursor: string; limit: number; etag: string | null }) => {
    const etag = tagOf([this.sights, this.making])
    const known = !p.cursor && p.etag === etag
    this.calls.push(`earlier ${known ? 'known' : p.cursor || '-'}`)
    if (known) return null
    const from = Number(p.cursor || 0)
    const items = this.sights.slice(from, from + p.limit)
    const next = from + p.limit < this.sights.length ? String(from + p.limit) : ''
    return { body: { items: structuredClone(items), next, making: this.making }, etag }
  }
  said: Said[] = []
  say = async (s: Said): Promise<FieldQuery> => {
    this.calls.push(`say ${s.action}`)
    this.said.push(s)
    return { id: s.item, ref: s.ref, label: s.label, state: 'open', ruling: false, turns: [] }
  }
  deposit = async (sha256: string) => void this.calls.push(`deposit ${sha256.slice(0, 4)}`)
  begin = async (id: string) => void this.calls.push(`begin ${id}`)
  giveBack = async (id: string, reason: string) => {
    this.calls.push(`give-back ${id} ${reason}`)
    this.package = { ...this.package, assignments: this.package.assignments.filter((a) => a.id !== id) }
  }
  wiped = async () => void this.calls.push('wiped')

  /** Puts a text where it is found by its digest, which it gives. */
  async publish(xml: string, path: (digest: string) => string): Promise<string> {
    const digest = await sha256(utf8(xml))
    this.texts.set(path(digest), xml)
    return digest
  }
}

export const runWith = (server: Server, link = new Link(), now = 1_000): Run => ({
  server,
  link,
  now: () => now,
  clear: (db) => db.wipe(),
})
