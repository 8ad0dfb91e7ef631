import type { Kind, Put, Shelved } from './kind'
import { ElsewhereError, type Store } from './store'

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

  /** Writes v over the row with this stamp (null: there is none). Rejects with ElsewhereError when there is another. */
  async putOver(v: T, stamp: number | null): Promise<void> {
    const only = { t: this.t, k: this.kind.key(v), stamp }
    const row = this.row(v)
    const whole = await this.store.track(row.then((put) => this.store.write({ put: [put], only })))
    if (!whole) throw new ElsewhereError()
  }

  async delete(...ks: string[]): Promise<void> {
    await this.store.write({ drop: ks.map((k) => [this.t, k]) })
  }
}
