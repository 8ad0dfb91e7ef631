/**
 * Whose PIN is tried: that of an account of this phone, by its id, which opens what is theirs, or that of a partner who confirms a form. Each is
 * counted by itself: nobody is locked out, and nothing cleared, by wrong PINs that were tried for somebody else.
 */
export type Whose = string

/** Where one account's were counted before a phone knew more than one. */
const OLD = 'ruhu.field.attempts'

/** From this many wrong PINs on, a phone from which everything has arrived clears itself. */
export const TOO_MANY = 10

interface Attempts {
  wrong: number
  /** When the last one was typed, ms by the phone's clock. */
  at: number
}

const keyOf = (whose: Whose): string => `ruhu.field.attempts.${whose}`

function read(whose: Whose): Attempts {
  try {
    return { wrong: 0, at: 0, ...(JSON.parse(localStorage.getItem(keyOf(whose)) ?? '{}') as Partial<Attempts>) }
  } catch {
    return { wrong: 0, at: 0 }
  }
}

export const wrongSoFar = (whose: Whose): number => read(whose).wrong

const note = (whose: Whose, a: Attempts): void => localStorage.setItem(keyOf(whose), JSON.stringify(a))

/** How long so many wrong PINs make one wait: from the fifth on 30 s, doubled each time, an hour at most. */
const seconds = (wrong: number): number => (wrong < 5 ? 0 : Math.min(30 * 2 ** (wrong - 5), 3600))

/** Seconds to wait before the next PIN may be tried. A clock that was set back begins the time anew, and never makes it longer. */
export function waiting(whose: Whose, now = Date.now()): number {
  const { wrong, at } = read(whose)
  if (now < at) note(whose, { wrong, at: now })
  return Math.max(0, Math.ceil(seconds(wrong) - (now - Math.min(at, now)) / 1000))
}

/** Notes a wrong PIN. Survives a killed page. Gives how many it were. */
export function wrongPin(whose: Whose, now = Date.now()): number {
  const wrong = read(whose).wrong + 1
  note(whose, { wrong, at: now })
  return wrong
}

export function rightPin(whose: Whose): void {
  localStorage.removeItem(keyOf(whose))
}

/** Counts on what an earlier release counted for the phone's only account. */
export function adoptAttempts(account: string): void {
  const old = localStorage.getItem(OLD)
  if (old === null) return
  localStorage.removeItem(OLD)
  if (localStorage.getItem(keyOf(account)) === null) localStorage.setItem(keyOf(account), old)
}
