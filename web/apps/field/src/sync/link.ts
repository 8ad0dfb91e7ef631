/** What one request should take: long enough that its round trip weighs little, short enough that a break costs little. */
const TARGET = 6_000
const LEAST = 2 << 10
const MOST = 256 << 10
const FIRST = 16 << 10

/** How much goes well in one request over this link. Counted are bytes before compression. */
export class Link {
  private bytes: number

  constructor(
    start: number | null = null,
    private readonly most = MOST,
  ) {
    this.bytes = clamp(start ?? FIRST, most)
  }

  get size(): number {
    return this.bytes
  }

  /** How long to wait for the answer to so many bytes: four times what they should take, and a slow link's round trips. */
  get patience(): number {
    return 4 * TARGET + 15_000
  }

  /** A request of n bytes took ms: the next may be as large as fits the target, at most twice as large as this. */
  went(n: number, ms: number): void {
    if (n < this.bytes / 2) return // too small to tell anything
    const fits = (n * TARGET) / Math.max(ms, 1)
    this.bytes = clamp(Math.min(fits, this.bytes * 2), this.most)
  }

  /** It broke off. */
  broke(): void {
    this.bytes = clamp(this.bytes / 2, this.most)
  }
}

const clamp = (n: number, most: number): number => Math.round(Math.min(Math.max(n, LEAST), most))
