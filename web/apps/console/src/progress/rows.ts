import type { Counts, Progress } from '@ruhu/api'
import { dayShort } from '@ruhu/ui/plain'

export type ProgressRow = Counts & { id: string; name: string }

/** The chosen breakdown as rows of one shape, in the server's order. */
export function rowsOf(p: Progress, by: string, locale: string): ProgressRow[] {
  if (by === 'teams') return p.teams
  if (by === 'days') return p.days.map((d) => ({ ...d, id: d.date, name: dayShort(d.date, locale) }))
  return p.villages.map((v) => ({ ...v, id: v.code }))
}
