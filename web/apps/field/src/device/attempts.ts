/** Whose PIN is tried: that of the phone's owner, which opens everything, or that of a partner who confirms a form. */
export type Whose = 'own' | 'partner'

/** From this many wrong PINs on, a phone from which everything has arrived clears itself. */
export const TOO_MANY = 10

interface Attempts {
  wrong: number
  /** ms */
  until: number
}

const keyOf = (whose: Whose): string => `ruhu.field.attempts${whose === 'own' ? '' : '.partner'}`

function read(whose: Whose): Attempts {
  try {
    return { wrong: 0, until: 0, ...(JSON.parse(localStorage.getItem(keyOf(whose)) ?? '{}') as Partial<Attempts>) }
  } catch {
    return { wrong: 0, until: 0 }
  }
}

export const wrongSoFar = (whose: Whose = 'own'): number => read(whose).wrong

/** Seconds to wait before the next PIN may be tried. */
export function waiting(now = Date.now(), whose: Whose = 'own'): number {
  return Math.max(0, Math.ceil((read(whose).until - now) / 1000))
}

/** Notes a wrong PIN: from the fifth on, 30 s, doubled each time, an hour at most. Survives a killed page. Gives how many it were. */
export function wrongPin(now = Date.now(), whose: Whose = 'own'): number {
  const wrong = read(whose).wrong + 1
  const seconds = wrong < 5 ? 0 : Math.min(30 * 2 ** (wrong - 5), 3600)
  localStorage.setItem(keyOf(whose), JSON.stringify({ wrong, until: now + seconds * 1000 }))
  return wrong
}

export function rightPin(whose: Whose = 'own'): void {
  localStorage.removeItem(keyOf(whose))
}
