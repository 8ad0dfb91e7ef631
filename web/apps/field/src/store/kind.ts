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

/** A table of the store and how its rows are read. */
export interface Shelved<T> {
  readonly t: string
  readonly kind: Kind<T>
}
