import { ApiError, isOffline, type field } from '@ruhu/api'
import type { FieldDb } from '../store/db'
import type { Link } from './link'

/** What the sync needs of the server; tests give it one of their own. */
export type Server = Pick<
  typeof field,
  | 'hello'
  | 'have'
  | 'part'
  | 'sendForms'
  | 'sent'
  | 'manifest'
  | 'pull'
  | 'slice'
  | 'deposit'
  | 'wiped'
  | 'begin'
  | 'giveBack'
  | 'say'
  | 'attempt'
  | 'earlier'
>

/** What one run of the sync works with. */
export interface Run {
  server: Server
  link: Link
  /** The phone's clock, ms. */
  now: () => number
  /** Forms have arrived, and more is to come: for a screen that should not wait for the end. */
  arrived?: () => Promise<void>
  /** Somebody has asked for another run: what is long breaks off, and goes on in that one. */
  asked?: () => boolean
  /** Clears the phone for good: the office ordered it, and everything has arrived. */
  clear: (db: FieldDb) => Promise<void>
}

/** The server's last word on this one thing: it says no, not "later" and not "who are you". The next time it would say the same. */
export const isFinal = (e: unknown): e is ApiError =>
  e instanceof ApiError && e.status >= 400 && e.status < 500 && ![401, 408, 429].includes(e.status)

/** Does a request of about n bytes and lets the link learn from it. */
export async function timed<T>({ link, now }: Run, n: number, request: () => Promise<T>): Promise<T> {
  const from = now()
  try {
    const out = await request()
    link.went(n, now() - from)
    return out
  } catch (e) {
    if (isOffline(e)) link.broke()
    throw e
  }
}
