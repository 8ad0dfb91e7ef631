import { isFull } from './store'

/** Why something could not be written: what is said about it, and what helps, differ. */
export type Unwritten = 'full' | 'locked' | 'closed' | 'unknown'

const CLOSED = new Set([
  'DatabaseClosedError',
  'InvalidStateError',
  'OpenFailedError',
  'VersionError',
  'VersionChangeError',
])

export function unwritten(e: unknown): Unwritten {
  if (isFull(e)) return 'full'
  if (e === 'locked') return 'locked'
  const name = e instanceof Error || e instanceof DOMException ? e.name : ''
  return CLOSED.has(name) ? 'closed' : 'unknown'
}
