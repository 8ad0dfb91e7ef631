import type { ErrsText, ScoreTable } from '@ruhu/api'

/** The title of an item, a fact or an item of the veto by its code; the code itself where none is known. */
export function titleOf(table: ScoreTable, code: string): ErrsText {
  const known = [...table.items, ...table.facts, ...table.vetoes].find((x) => x.code === code)
  return known?.title ?? { zh: code, en: code }
}

/** Weights that were changed and are numbers; what is left as it was is not sent. */
export function changedWeights(table: ScoreTable, typed: Record<string, string>): { item: string; weight: string }[] {
  return table.items
    .filter((i) => typed[i.code] !== undefined && typed[i.code]?.trim() !== i.weight)
    .map((i) => ({ item: i.code, weight: typed[i.code]?.trim() ?? '' }))
}

export interface Compared {
  code: string
  name: string
  before: string
  after: string
  placeBefore: number | null
  placeAfter: number | null
  moved: number // places upwards
}

/** The units in the order of their places after the change. */
export function compared(before: ScoreTable, after: ScoreTable): Compared[] {
  return after.units
    .map((a) => {
      const b = before.units.find((u) => u.code === a.code)
      const placeBefore = b?.place?.place ?? null
      const placeAfter = a.place?.place ?? null
      return {
        code: a.code,
        name: a.name,
        before: b?.score ?? '',
        after: a.score,
        placeBefore,
        placeAfter,
        moved: placeBefore !== null && placeAfter !== null ? placeBefore - placeAfter : 0,
      }
    })
    .sort((a, b) => (a.placeAfter ?? Infinity) - (b.placeAfter ?? Infinity) || (a.code < b.code ? -1 : 1))
}
