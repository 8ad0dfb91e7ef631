import type { FieldDb } from '../store/db'
import { fromBase64, toBase64 } from '../vault/bytes'
import { CURVE } from './token'

/** The key with which this phone signs its badges, sealed like every row: base64 of the point and of PKCS #8. */
export interface BadgeKey {
  point: string
  secret: string
  /** The server has the point, so that team-mates' phones get it. */
  known: boolean
}

/**
 * The key of this account on this phone; the first time it makes one. WebCrypto would keep a key that cannot be read out, but only as plain
 * bytes on the disk (docs/adr/0006): so it is kept as a sealed row and taken into the page, not extractable, while the phone is open.
 */
export async function badgeKey(db: FieldDb): Promise<BadgeKey> {
  const here = await db.setting<BadgeKey>('badge')
  if (here) return here
  const pair = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])
  const row = {
    point: toBase64(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))),
    secret: toBase64(new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey))),
    known: false,
  }
  await db.set('badge', row)
  return row
}

/** Notes whether the server has the point. */
export async function noteKnown(db: FieldDb, known: boolean): Promise<void> {
  const key = await badgeKey(db)
  if (key.known !== known) await db.set('badge', { ...key, known } satisfies BadgeKey)
}

export const signingKey = (key: BadgeKey): Promise<CryptoKey> =>
  crypto.subtle.importKey('pkcs8', fromBase64(key.secret), CURVE, false, ['sign'])
