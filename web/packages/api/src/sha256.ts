// SHA-256 (FIPS 180-4) for pages served without https, where the browser withholds crypto.subtle. 5 MB take about 0.1 s.

/** The first 32 bits of the fractional parts of the roots of the first primes: square roots start, cube roots feed the rounds. */
function constants(): { start: number[]; rounds: number[] } {
  const frac = (x: number) => ((x - Math.floor(x)) * 2 ** 32) | 0
  const start: number[] = []
  const rounds: number[] = []
  for (let n = 2; rounds.length < 64; n++) {
    let prime = true
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false
    if (!prime) continue
    if (start.length < 8) start.push(frac(Math.sqrt(n)))
    rounds.push(frac(Math.cbrt(n)))
  }
  return { start, rounds }
}

const { start, rounds } = constants()
const rotate = (x: number, n: number) => (x >>> n) | (x << (32 - n))

export function sha256Plain(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(((message.length + 8) >> 6) * 64 + 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor((message.length * 8) / 2 ** 32))
  view.setUint32(padded.length - 4, (message.length * 8) >>> 0)
  const hash = Int32Array.from(start)
  const w = new Int32Array(64)
  const at = (a: Int32Array, i: number) => a[i] as number
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(block + i * 4)
    for (let i = 16; i < 64; i++) {
      const a = at(w, i - 15)
      const b = at(w, i - 2)
      const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)
      const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10)
      w[i] = (at(w, i - 16) + s0 + at(w, i - 7) + s1) | 0
    }
    let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (rounds[i] as number) + at(w, i)) | 0
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    ;[a, b, c, d, e, f, g, h].forEach((x, i) => (hash[i] = (at(hash, i) + x) | 0))
  }
  const out = new Uint8Array(32)
  const outView = new DataView(out.buffer)
  hash.forEach((x, i) => outView.setInt32(i * 4, x))
  return out
}
