import Dexie, { type Table } from 'dexie'
import type { Envelope, OfficeKey, Slot } from '../vault/key'
import { nonceOf, type Sealer } from '../vault/seal'
import type { Kind, Put, Shelved } from './kind'

/** A row as it lies on the disk. Only `body` tells anything about a household, and it is sealed. */
export interface Sealed {
  t: string
  k: string
  ref: string
  stamp: number
  body: Uint8Array
}

/** What opens the rest. `id` is the device that the server knows. */
export interface VaultRow {
  key: 'vault'
  id: string
  account: string
  pin: Slot
  office: OfficeKey | null
  envelope: Envelope | null
}

export interface Change {
  put?: Put[]
  drop?: [t: string, k: string][]
  /** Looked at inside the transaction: the stamp that a row must still have (null: it must not be there), or nothing is written. */
  only?: { t: string; k: string; stamp: number | null }
}

/** The phone has no room left. The value that was to be written is still in the caller's hands. */
export class FullError extends Error {
  override name = 'FullError'
}

/** Another window has written the row since it was read in this one. */
export class ElsewhereError extends Error {
  override name = 'ElsewhereError'
}

/**
 * The sealed rows of one account. Reading and writing work only while a key is there; whether anything waits to be sent can be told
 * without it.
 */
export class Store {
  readonly dexie: Dexie
  readonly rows: Table<Sealed, [string, string]>
  readonly vaults: Table<VaultRow, string>
  private sealer: Sealer | null = null
  private busy = new Set<Promise<unknown>>()
  private cache = new Map<string, { nonce: string; value: unknown }>()

  /** `spare`: the kind of rows that is dropped when the phone is full. */
  constructor(
    name: string,
    private readonly spare = '',
  ) {
    // A write is told as done when it is on the disk, not when the system has it in memory: a battery that is taken out loses nothing. Dexie knows
    // this for a database as a whole; what it costs is in docs/benchmarks.md.
    this.dexie = new Dexie(name, { chromeTransactionDurability: 'strict' })
    // Version 1 kept everything in the open, in stores that the first unlock empties (store/migrate).
    this.dexie.version(1).stores({
      settings: 'key',
      blanks: 'hash',
      drafts: 'assignment',
      parcels: 'assignment',
      pictures: 'sha256',
      receipts: 'id, assignment, received_at',
      returned: 'assignment',
    })
    this.dexie.version(2).stores({ rows: '[t+k], t, [t+ref]', vault: 'key' })
    // By stamp: what is to be sent is counted and put in order without reading a body.
    this.dexie.version(3).stores({ rows: '[t+k], t, [t+ref], [t+stamp]' })
    this.rows = this.dexie.table('rows')
    this.vaults = this.dexie.table('vault')
  }

  vault = (): Promise<VaultRow | undefined> => this.vaults.get('vault')

  get open(): boolean {
    return this.sealer !== null
  }

  unlock(sealer: Sealer): void {
    this.sealer = sealer
  }

  /** Forgets the key and everything that was opened with it, after what is under way is finished. */
  async lock(): Promise<void> {
    while (this.busy.size > 0) await Promise.allSettled([...this.busy])
    this.sealer = null
    this.cache.clear()
  }

  private key(): Sealer {
    if (!this.sealer) throw 'locked' as const
    return this.sealer
  }

  /** Work that must end before the key is forgotten. */
  track<T>(work: Promise<T>): Promise<T> {
    this.busy.add(work)
    const done = (): void => void this.busy.delete(work)
    work.then(done, done)
    return work
  }

  read<T>(shelf: Shelved<T>, k: string): Promise<T | undefined> {
    return this.track(
      (async () => {
        const key = this.key()
        const row = await this.rows.get([shelf.t, k])
        return row && this.opened(key, shelf.kind, row)
      })(),
    )
  }

  readAll<T>(shelf: Shelved<T>, ref?: string): Promise<T[]> {
    return this.track(
      (async () => {
        const key = this.key()
        const found =
          ref === undefined ? this.rows.where('t').equals(shelf.t) : this.rows.where('[t+ref]').equals([shelf.t, ref])
        return Promise.all((await found.toArray()).map((row) => this.opened(key, shelf.kind, row)))
      })(),
    )
  }

  private async opened<T>(key: Sealer, kind: Kind<T>, row: Sealed): Promise<T> {
    const at = `${row.t} ${row.k}`
    const nonce = nonceOf(row.body)
    const known = this.cache.get(at)
    if (known?.nonce === nonce) return known.value as T
    const { value, bytes } = await key.open(row.t, row.k, row.body)
    const out = kind.join ? kind.join(value, bytes) : (value as T)
    if (kind.cached) this.cache.set(at, { nonce, value: out })
    return out
  }

  /** Seals first, then writes everything in one transaction or nothing. False when `only` did not hold. Rejects with FullError. */
  write(c: Change): Promise<boolean> {
    return this.track(this.writeNow(c))
  }

  private async writeNow({ put = [], drop = [], only }: Change): Promise<boolean> {
    const sealed = await Promise.all(put.map((p) => this.sealed(p)))
    return this.raw(async () => {
      if (only && (await this.stampOf(only.t, only.k)) !== only.stamp) return false
      await this.rows.bulkDelete(drop)
      await this.rows.bulkPut(sealed)
      return true
    })
  }

  async sealed({ t, k, ref, stamp, value, bytes }: Put): Promise<Sealed> {
    return { t, k, ref, stamp, body: await this.key().seal(t, k, { value, bytes }) }
  }

  /** A transaction over the rows as they lie. Rejects with FullError when the phone is full. */
  async raw<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.dexie.transaction('rw', this.rows, work)
    } catch (e) {
      if (!isFull(e)) throw e
      const made = await this.dropSpare().catch(() => 0)
      if (made > 0) return this.raw(work) // once: there is nothing to drop the next time
      throw new FullError('no room', { cause: e })
    }
  }

  /** Drops what can be had again, to make room; needs no key. Gives how many rows went. */
  dropSpare = (): Promise<number> => this.rows.where('t').equals(this.spare).delete()

  keys = async (t: string): Promise<string[]> => (await this.rows.where('t').equals(t).primaryKeys()).map(([, k]) => k)

  /** The stamp of a row; null when there is none. Needs no key. */
  stampOf = async (t: string, k: string): Promise<number | null> => (await this.rows.get([t, k]))?.stamp ?? null

  count = (t: string): Promise<number> => this.rows.where('t').equals(t).count()

  /** The refs of a table's rows. Like keys and counts it is read from an index: bodies may be photographs. */
  refs = async (t: string): Promise<string[]> =>
    (await this.within(t, 'ref').keys()).map((k) => (k as unknown as [string, string])[1])

  /** The rows that have a stamp, the oldest first. */
  stamped = async (t: string): Promise<string[]> => (await this.withStamp(t).primaryKeys()).map(([, k]) => k)

  countStamped = (t: string): Promise<number> => this.withStamp(t).count()

  /** Every row's key and stamp. */
  async stamps(t: string): Promise<[k: string, stamp: number][]> {
    const out: [string, number][] = []
    await this.within(t, 'stamp').eachKey((key, { primaryKey }) => {
      out.push([primaryKey[1], (key as unknown as [string, number])[1]])
    })
    return out
  }

  private within(t: string, by: 'ref' | 'stamp') {
    return this.rows.where(`[t+${by}]`).between([t, Dexie.minKey], [t, Dexie.maxKey])
  }

  private withStamp(t: string) {
    return this.rows.where('[t+stamp]').between([t, 0], [t, Dexie.maxKey], false)
  }

  /** Clears this account's data on this phone for good. */
  async wipe(): Promise<void> {
    this.sealer = null
    this.cache.clear()
    await this.dexie.delete()
  }
}

/** The browser's word for "no room", wherever it stands in a chain of causes. */
export function isFull(e: unknown): boolean {
  for (let at = e as { name?: string; inner?: unknown; cause?: unknown } | null, n = 0; at && n < 5; n++) {
    if (at.name === 'QuotaExceededError' || at.name === 'FullError') return true
    at = (at.inner ?? at.cause ?? null) as typeof at
  }
  return false
}
