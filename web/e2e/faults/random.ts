/** A generator of one's own, so that a seed gives the same case everywhere (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** At least 0, below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  /** A whole number from 0 to n - 1. */
  below = (n: number): number => Math.floor(this.next() * n)
  chance = (p: number): boolean => this.next() < p
  pick = <T>(list: readonly T[]): T => list[this.below(list.length)] as T
  bytes = (n: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length: n }, () => this.below(256))
  hex = (n: number): string => Array.from({ length: n }, () => this.below(16).toString(16)).join('')
}
