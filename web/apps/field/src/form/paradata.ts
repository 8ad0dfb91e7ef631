import type { Oddity, Session, Timing } from '@ruhu/engine'
import { plain } from './pages'

/** Durations are differences of `ticks`, which nobody can set; `today` only says on which day and at what hour a form was opened. */
export interface Clock {
  /** ms since some moment; never goes back. */
  ticks: () => number
  today: () => Date
  /** ms by which the server's clock is ahead of this one, as far as it is known. */
  ahead?: () => number
}

/** Less than this is the network's way, not a clock's. */
const RIGHT = 60_000

export const PHONE: Clock = { ticks: () => performance.now(), today: () => new Date() }

type Kept = Pick<Session, 'paradata' | 'setOpening' | 'setMoves' | 'setTiming' | 'setOddity'>

/**
 * How the form is filled in: what each question took, edits, page moves, openings. In sums, never a log of strokes.
 *
 * The time up to a touch or an answer is that question's: it was read out and thought about before the finger came down. What is left when
 * the page is turned goes to the question if the page has only one, else to none. Nothing counts while the form is not on the screen.
 */
export function useParadata(session: Kept, here: () => string[], clock: Clock = PHONE) {
  const before = session.paradata()
  const timings = new Map<string, Timing>(before.timings.map((t) => [t.ref, { ...t }]))
  const odd = new Map(before.oddities.map((o) => [o.code, o.times]))
  const changed = new Set<string>()
  let moves = before.moves
  const opening = { from: clock.today().toISOString(), to: '', ms: 0 }
  /** Since when the time belongs to nobody yet; null while the form is not seen. */
  let since: number | null = clock.ticks()
  /** The question that is being typed in: all of it is one edit. */
  let typing = ''

  function timing(ref: string): Timing {
    const r = plain(ref)
    const t = timings.get(r) ?? { ref: r, ms: 0, edits: 0 }
    timings.set(r, t)
    changed.add(r)
    return t
  }
  /** Gives the time since the last touch to a question, or to none. */
  function spend(ref: string): void {
    if (since === null) return
    const now = clock.ticks()
    const ms = Math.max(0, now - since)
    since = now
    opening.ms += ms
    if (ref && ms > 0) timing(ref).ms += ms
  }
  const rest = (): string => {
    const refs = here()
    return refs.length === 1 ? (refs[0] ?? '') : ''
  }
  function resume(): void {
    since ??= clock.ticks()
  }

  return {
    touch: (ref: string): void => {
      if (typing !== plain(ref)) typing = ''
      spend(ref)
    },
    edit: (ref: string, typed: boolean): void => {
      resume()
      spend(ref)
      const r = plain(ref)
      if (!typed || typing !== r) timing(r).edits++
      typing = typed ? r : ''
    },
    /** A position was read that does not look measured. */
    oddity: (code: Oddity['code']): void => void odd.set(code, (odd.get(code) ?? 0) + 1),
    /** Before another page is shown. */
    move: (): void => {
      resume()
      spend(rest())
      typing = ''
      moves++
    },
    /** The form goes off the screen; false when it was off already. */
    pause: (): boolean => {
      if (since === null) return false
      spend(rest())
      typing = ''
      since = null
      return true
    },
    resume,
    /** Tells the engine, which keeps it in the draft and the record. */
    write: (): void => {
      const running = since === null ? 0 : Math.max(0, clock.ticks() - since)
      const ahead = clock.ahead?.() ?? 0
      const off = Math.abs(ahead) < RIGHT ? {} : { ahead }
      session.setOpening({ ...opening, to: clock.today().toISOString(), ms: opening.ms + running, ...off })
      session.setMoves(moves)
      for (const r of changed) {
        const t = timings.get(r)
        if (t) session.setTiming(t)
      }
      changed.clear()
      for (const [code, times] of odd) session.setOddity({ code, times })
    },
  }
}
