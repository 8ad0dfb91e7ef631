import type { Store } from './store'

/** How values of one kind become rows. */
export interface Kind<T> {
  key: (v: T) => string
  /** The assignment it belongs to: readable without the key. */
  ref?: (v: T) => string
  /** A time or counter that a write may be conditional on: readable without the key. */
  stamp?: (v: T) => number
  /** Binary contents apart from the JSON. */
  bytes?: (v: T) => Promise<Uint8Array>
  value?: (v: T) => unknown
  join?: (value: unknown, bytes: Uint8Array) => T
  /** Keep opened values in memory while unlocked: for small things that lists read again and again. */
  cached?: boolean
}

/** A row before it is sealed; of any shelf. */
export interface Put {
  t: string
  k: string
  ref: string
  stamp: number
  value: unknown
  bytes?: Uint8Array
}

/** One kind of things on the phone, sealed. */
export class Shelf<T> {
  constructor(
    private readonly store: Store,
    readonly t: string,
    readonly kind: Kind<T>,
  ) {}

  /** What `store.write` takes. */
  async row(v: T): Promise<Put> {
    const { key, ref, stamp, bytes, value } = this.kind
    return {
      t: this.t,
      k: key(v),
      ref: ref?.(v) ?? '',
      stamp: stamp?.(v) ?? 0,
      value: value ? value(v) : v,
      bytes: await bytes?.(v),
    }
  }

  get = (k: string): Promise<T | undefined> => this.store.read(this, k)
  all = (): Promise<T[]> => this.store.readAll(this)
  of = (ref: string): Promise<T[]> => this.store.readAll(this, ref)
  keys = (): Promise<string[]> => this.store.keys(this.t)
  count = (): Promise<number> => this.store.count(this.t)

  async put(...vs: T[]): Promise<void> {
    const rows = Promise.all(vs.map((v) => this.row(v)))
    await this.store.track(rows.then((put) => this.store.write({ put })))
  }

  async delete(...ks: string[]): Promise<void> {
    await this.store.write({ drop: ks.map((k) => [this.t, k]) })
  }
}
