import { fromBase64, random, toBase64, utf8, type Bytes } from './bytes'

/** A data key wrapped with a secret that a person knows. Bytes are base64. */
export interface Slot {
  salt: string
  iterations: number
  nonce: string
  wrapped: string
}

/** A data key wrapped to the county's public key; see internal/device/envelope.go. Bytes are base64. */
export interface Envelope {
  key: string
  point: string
  nonce: string
  wrapped: string
}

/** The county's public key: uncompressed P-256, base64. */
export interface OfficeKey {
  id: string
  point: string
}

/** The OWASP figure for PBKDF2-SHA256; docs/adr/0006 says what it is worth for six digits. */
export const ITERATIONS = 600_000

const KEY_BYTES = 32

export const newDataKey = (): Bytes => random(KEY_BYTES)

async function wrapping(secret: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', utf8(secret), 'PBKDF2', false, ['deriveKey'])
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
}

const slotFor = (device: string): Bytes => utf8(`ruhu slot v1\n${device}`)

export async function wrap(dataKey: Bytes, secret: string, device: string, iterations = ITERATIONS): Promise<Slot> {
  const salt = random(16)
  const nonce = random(12)
  const key = await wrapping(secret, salt, iterations)
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: slotFor(device) },
    key,
    dataKey,
  )
  return {
    salt: toBase64(salt),
    iterations,
    nonce: toBase64(nonce),
    wrapped: toBase64(new Uint8Array(sealed)),
  }
}

/** The data key; null when the secret is wrong. */
export async function unwrap(slot: Slot, secret: string, device: string): Promise<Bytes | null> {
  const key = await wrapping(secret, fromBase64(slot.salt), slot.iterations)
  try {
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: fromBase64(slot.nonce), additionalData: slotFor(device) },
      key,
      fromBase64(slot.wrapped),
    )
    return new Uint8Array(opened)
  } catch {
    return null
  }
}

/** Wraps the data key so that only the county's server can take it out, for this person and this device. */
export async function wrapToOffice(
  dataKey: Bytes,
  office: OfficeKey,
  account: string,
  device: string,
): Promise<Envelope> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const theirs = await crypto.subtle.importKey('raw', fromBase64(office.point), curve, false, [])
  const once = await crypto.subtle.generateKey(curve, true, ['deriveBits'])
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', once.publicKey))
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, once.privateKey, 256)
  const base = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: point, info: utf8('ruhu office key v1') },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt'],
  )
  const nonce = random(12)
  const wrapped = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: utf8(`ruhu envelope v1\n${account}\n${device}`) },
    key,
    dataKey,
  )
  return {
    key: office.id,
    point: toBase64(point),
    nonce: toBase64(nonce),
    wrapped: toBase64(new Uint8Array(wrapped)),
  }
}
