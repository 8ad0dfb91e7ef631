import type { Kind, Put, Shelved } from './kind'
import type { Store } from './store'

/** One kind of things on the phone, sealed. */
export class Shelf<T> implements Shelved<T> {
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
