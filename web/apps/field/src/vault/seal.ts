import { concat, random, readU32, text, u32, utf8, type Bytes } from './bytes'

// The layout is that of internal/device/sealed.go: the office opens the same rows.
const VERSION = 1
const NONCE = 12

/** What a row holds: a JSON value, and bytes where it is a picture. */
export interface Plain {
  value: unknown
  bytes?: Uint8Array
}

/** Seals and opens the rows of one device. The key itself can't be read out of it. */
export class Sealer {
  private constructor(
    private readonly key: CryptoKey,
    readonly device: string,
  ) {}

  static async make(dataKey: Bytes, device: string): Promise<Sealer> {
    const key = await crypto.subtle.importKey('raw', dataKey, 'AES-GCM', false, ['encrypt', 'decrypt'])
    return new Sealer(key, device)
  }

  /** A row is bound to its place: moved elsewhere it doesn't open. */
  private place(table: string, k: string): Bytes {
    return utf8(`ruhu row v1\n${this.device}\n${table}\n${k}`)
  }

  async seal(table: string, k: string, { value, bytes }: Plain): Promise<Bytes> {
    const json = utf8(JSON.stringify(value))
    const iv = random(NONCE)
    const sealed = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: this.place(table, k) },
      this.key,
      concat(u32(json.length), json, bytes ?? new Uint8Array()),
    )
    return concat(new Uint8Array([VERSION]), iv, new Uint8Array(sealed))
  }

  /** Rejects with 'sealed' when the row was changed, moved, or sealed with another key. */
  async open(table: string, k: string, sealed: Uint8Array): Promise<{ value: unknown; bytes: Uint8Array }> {
    if (sealed[0] !== VERSION) throw 'sealed' as const
    let plain: Uint8Array
    try {
      plain = new Uint8Array(
        await crypto.subtle.decrypt(
          { name: 'AES-GCM', iv: sealed.slice(1, 1 + NONCE), additionalData: this.place(table, k) },
          this.key,
          sealed.slice(1 + NONCE),
        ),
      )
    } catch {
      throw 'sealed' as const
    }
    const n = readU32(plain, 0)
    return { value: JSON.parse(text(plain.subarray(4, 4 + n))), bytes: plain.subarray(4 + n) }
  }
}

/** Every seal has a nonce of its own, so two rows with the same one are the same row. */
export const nonceOf = (sealed: Uint8Array): string => sealed.slice(1, 1 + NONCE).join()
