import { fromBase64, utf8, type Bytes } from '../vault/bytes'

// What a badge says, docs/sync.md. The server's half is internal/device/badge.go.

/** A code that a phone shows: who holds it, which phone it is, and the minute, signed with the phone's key. */
export interface Badge {
  /** As it was shown. */
  text: string
  /** Ids. */
  account: string
  device: string
  /** Since 1970. */
  minute: number
  signature: Bytes
}

export const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }
const HOW = { name: 'ECDSA', hash: 'SHA-256' }
const PREFIX = 'RUHU1:'
const BYTES = 100
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export const minuteOf = (ms: number): number => Math.floor(ms / 60_000)

const signed = (account: string, device: string, minute: number): Bytes =>
  utf8(`ruhu badge v1\n${account}\n${device}\n${minute}`)

/** The text of a code. Ids are UUIDs in small letters. */
export async function makeBadge(key: CryptoKey, account: string, device: string, minute: number): Promise<string> {
  const signature = await crypto.subtle.sign(HOW, key, signed(account, device, minute))
  const out = new Uint8Array(BYTES)
  out.set(idBytes(account), 0)
  out.set(idBytes(device), 16)
  new DataView(out.buffer).setUint32(32, minute)
  out.set(new Uint8Array(signature), 36)
  return PREFIX + base32(out)
}

/** Reads a text; null when it is no badge. */
export function readBadge(text: string): Badge | null {
  const b = text.startsWith(PREFIX) ? fromBase32(text.slice(PREFIX.length)) : null
  if (b?.length !== BYTES) return null
  return {
    text,
    account: idText(b.subarray(0, 16)),
    device: idText(b.subarray(16, 32)),
    minute: new DataView(b.buffer).getUint32(32),
    signature: b.slice(36),
  }
}

/** Whether the key made the signature; point: uncompressed P-256, base64. False for what is no key. */
export async function signedBy(b: Badge, point: string): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', fromBase64(point), CURVE, false, ['verify'])
    return await crypto.subtle.verify(HOW, key, b.signature, signed(b.account, b.device, b.minute))
  } catch {
    return false
  }
}

const idBytes = (id: string): number[] => (id.replace(/-/g, '').match(/../g) ?? []).map((x) => Number.parseInt(x, 16))

function idText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

// Base 32 (RFC 4648) without padding: a QR code packs capitals and digits tighter than bytes in base 64.
function base32(bytes: Uint8Array): string {
  let out = ''
  let held = 0
  let bits = 0
  for (const b of bytes) {
    held = (held << 8) | b
    for (bits += 8; bits >= 5; bits -= 5) out += LETTERS[(held >> (bits - 5)) & 31] ?? ''
    held &= 255
  }
  return out
}

/** Only of texts whose bits fill whole bytes. */
function fromBase32(text: string): Bytes | null {
  if ((text.length * 5) % 8 !== 0) return null
  const out = new Uint8Array((text.length * 5) / 8)
  let held = 0
  let bits = 0
  let at = 0
  for (const letter of text) {
    const value = LETTERS.indexOf(letter)
    if (value < 0) return null
    held = ((held << 5) | value) & 0xffff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    out[at++] = (held >> bits) & 255
  }
  return out
}
