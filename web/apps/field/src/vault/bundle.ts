import type { FieldDb } from '../store/db'
import { concat, random, readU32, text, u32, utf8, type Bytes } from './bytes'
import { wrap, type Envelope, type Slot } from './key'

// The layout is that of internal/device/bundle.go.
const MAGIC = 'RUHUPK01'

/** What may be known of a package without a key. `code`: the data key under the transfer code, for another phone without a network. */
export interface BundleHead {
  device: string
  account: string
  made: string
  envelope: Envelope
  code?: Slot
}

export interface Bundle {
  head: BundleHead
  rows: { t: string; k: string; body: Uint8Array }[]
}

/** What goes into a package: all that only this phone has, and what is needed to go on with a draft elsewhere. */
const KINDS = ['parcels', 'says', 'refused', 'given', 'attempts', 'drafts', 'returned', 'blanks', 'pictures']

/**
 * The package of everything unsent, as it lies on the disk: needs no key, so a locked phone can make it too. Rejects with 'office' when the
 * county's key has never reached this phone: nobody could open it.
 */
export async function pack(db: FieldDb, code?: Slot, now = new Date()): Promise<Blob> {
  const vault = await db.vault()
  if (!vault?.envelope) throw 'office' as const
  const head: BundleHead = {
    device: vault.id,
    account: vault.account,
    made: now.toISOString(),
    envelope: vault.envelope,
  }
  if (code) head.code = code
  // One row in memory at a time: as a Blob a frame belongs to the browser, which may put it on the disk.
  const parts: Blob[] = [new Blob([utf8(MAGIC)])]
  const sums: Uint8Array[] = []
  const add = async (json: unknown, body: Uint8Array): Promise<void> => {
    const j = utf8(JSON.stringify(json))
    const frame = concat(u32(j.length), j, u32(body.length), body)
    parts.push(new Blob([frame]))
    sums.push(await sum(frame))
  }
  await add(head, new Uint8Array())
  let count = 0
  for (const t of KINDS) {
    for (const k of await db.keys(t)) {
      const row = await db.rows.get([t, k])
      if (!row) continue // it has arrived meanwhile
      await add({ t, k }, row.body)
      count++
    }
  }
  const all = await sum(concat(...sums))
  const sha256 = Array.from(all, (b) => b.toString(16).padStart(2, '0')).join('')
  const end = utf8(JSON.stringify({ t: 'end', count, sha256 }))
  parts.push(new Blob([concat(u32(end.length), end, u32(0))]))
  return new Blob(parts, { type: 'application/octet-stream' })
}

const sum = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

/** Reads a package. Rejects with 'bundle' for what is none, was cut short or changed on its way. */
export async function readBundle(file: Blob): Promise<Bundle> {
  const b = new Uint8Array(await file.arrayBuffer())
  if (text(b.subarray(0, MAGIC.length)) !== MAGIC) throw 'bundle' as const
  let at = MAGIC.length
  const piece = (): Uint8Array => {
    if (at + 4 > b.length) throw 'bundle' as const
    const n = readU32(b, at)
    if (at + 4 + n > b.length) throw 'bundle' as const
    at += 4 + n
    return b.subarray(at - n, at)
  }
  const sums: Uint8Array[] = []
  let head: BundleHead | null = null
  const rows: Bundle['rows'] = []
  for (;;) {
    const from = at
    const json = parse(piece())
    const body = piece()
    if (json.t === 'end') {
      const hex = Array.from(await sum(concat(...sums)), (x) => x.toString(16).padStart(2, '0')).join('')
      if (!head || json.count !== rows.length || json.sha256 !== hex) throw 'bundle' as const
      return { head, rows }
    }
    sums.push(await sum(b.slice(from, at)))
    if (!head) head = json as unknown as BundleHead
    else rows.push({ t: String(json.t), k: String(json.k), body })
  }
}

function parse(json: Uint8Array): Record<string, unknown> {
  try {
    return JSON.parse(text(json)) as Record<string, unknown>
  } catch {
    throw 'bundle' as const
  }
}

// 32 signs that cannot be taken for one another; twelve of them are 60 bits.
const SIGNS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** A code to read aloud or write down, in three groups of four. */
export function newCode(): string {
  const signs = Array.from(random(12), (b) => SIGNS[b % 32] ?? '')
  return [0, 4, 8].map((i) => signs.slice(i, i + 4).join('')).join('-')
}

export const plainCode = (typed: string): string => typed.toUpperCase().replace(/[^0-9A-Z]/g, '')

/** The data key under a transfer code. Sixty random bits need no half million rounds, but they harm nobody. */
export const wrapForCode = (dataKey: Bytes, code: string, device: string): Promise<Slot> =>
  wrap(dataKey, plainCode(code), device, 100_000)
