import type { FieldMember } from '@ruhu/api'
import { minuteOf, readBadge, signedBy } from './token'

/** How far two phones' clocks may be apart, in minutes. */
export const APART = 2

/** Why a code does not confirm. The sentences are in the locale files, as badge.… */
export type Trouble =
  | 'badge.unreadable'
  | 'badge.own'
  | 'badge.team'
  | 'badge.unknown'
  | 'badge.forged'
  | 'badge.expired'
  | 'badge.clock'
  | 'badge.used'

/** Codes that confirmed a form on this phone: "device minute" → assignment. */
export interface Used {
  [code: string]: string
}

/** The phone that scans. */
export interface Scanner {
  me: string
  members: FieldMember[]
  /** ms by the phone's clock. */
  now: number
  /** ms by which the server's clock is ahead, as far as it is known. */
  offset: number
  used: Used
  assignment: string
}

export type Checked =
  { member: FieldMember; at: string; token: string; code: string } | { trouble: Trouble; minutes: number; name: string }

/**
 * Judges a code without a network. The phone's clock may have been set since the server told its time, so a code holds if either reading is near
 * enough; `at` is by the one that is.
 */
export async function checkBadge(text: string, s: Scanner): Promise<Checked> {
  const no = (trouble: Trouble, minutes = 0, name = ''): Checked => ({ trouble, minutes, name })
  const b = readBadge(text)
  if (!b) return no('badge.unreadable')
  if (b.account === s.me) return no('badge.own')
  const member = s.members.find((m) => m.id === b.account)
  if (!member) return no('badge.team')
  const { name } = member
  const keys = (member.badges ?? []).filter((k) => k.device === b.device)
  if (keys.length === 0) return no('badge.unknown', 0, name)
  const good = await Promise.all(keys.map((k) => signedBy(b, k.point)))
  if (!good.includes(true)) return no('badge.forged', 0, name)
  const off = (ms: number): number => b.minute - minuteOf(ms)
  const clocks = [s.now + s.offset, s.now].sort((x, y) => Math.abs(off(x)) - Math.abs(off(y)))
  const at = clocks[0] ?? s.now
  if (off(at) < -APART) return no('badge.expired', -off(at), name)
  if (off(at) > APART) return no('badge.clock', off(at), name)
  const code = `${b.device} ${b.minute}`
  if ((s.used[code] ?? s.assignment) !== s.assignment) return no('badge.used', 0, name)
  return { member, at: new Date(at).toISOString(), token: text, code }
}

/** What is worth remembering: a code of another hour is refused for its age. */
export function remember(used: Used, code: string, assignment: string, minute: number): Used {
  const recent = Object.entries(used).filter(([c]) => Math.abs(Number(c.split(' ')[1]) - minute) <= 60)
  return { ...Object.fromEntries(recent), [code]: assignment }
}
