const KEY = 'ruhu.field.attempts'

interface Attempts {
  wrong: number
  /** ms */
  until: number
}

function read(): Attempts {
  try {
    return { wrong: 0, until: 0, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Attempts>) }
  } catch {
    return { wrong: 0, until: 0 }
  }
}

/** Seconds to wait before the next PIN may be tried. */
export function waiting(now = Date.now()): number {
  return Math.max(0, Math.ceil((read().until - now) / 1000))
}

/** Notes a wrong PIN: from the fifth on, 30 s, doubled each time, an hour at most. Survives a killed page. */
export function wrongPin(now = Date.now()): void {
  const wrong = read().wrong + 1
  const seconds = wrong < 5 ? 0 : Math.min(30 * 2 ** (wrong - 5), 3600)
  localStorage.setItem(KEY, JSON.stringify({ wrong, until: now + seconds * 1000 }))
}

export function rightPin(): void {
  localStorage.removeItem(KEY)
}
