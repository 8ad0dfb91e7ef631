export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

/** The first digits of a digest, for reading aloud over the phone. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 8)
}
