import { hex } from './digest'

/** What the server gives out of a PIN: the phone can check it, not read it. `salt` and `hash` are hex or base64. */
export interface PinHash {
  salt: string
  iterations: number
  hash: string
}

/** What a PIN looks like, as the server asks for it too. */
export const PIN_PATTERN = /^\d{6}$/

/**
 * Checks a PIN with PBKDF2-SHA256, as the server made it. Works without a network; takes about half a second on
 * a phone, by intention.
 */
export async function checkPin(pin: string, want: PinHash): Promise<boolean> {
  const expected = bytesOf(want.hash)
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits'])
  const got = new Uint8Array(
    await crypto.subtle.deriveBits(
      { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(want.salt), iterations: want.iterations },
      key,
      expected.length * 8,
    ),
  )
  let difference = 0
  got.forEach((b, i) => (difference |= b ^ (expected[i] ?? 0)))
  return expected.length > 0 && difference === 0
}

/** Hex if every character is a hex digit and their number is even, base64 (plain or URL alphabet) otherwise. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  if (/^([0-9a-f]{2})+$/i.test(text)) {
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  }
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(binary, (c) => c.charCodeAt(0))
}

/** A hash of one's own PIN, for the time until the server's copy arrives with the package. */
export async function hashPin(pin: string): Promise<PinHash> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const iterations = 600_000
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, 256)
  return { salt: hex(salt), iterations, hash: hex(new Uint8Array(bits)) }
}
