import type { CellNote } from '@ruhu/api'

/** Notes of one sheet (all when empty) that contain every word of the filter anywhere. */
export function matchNotes(notes: CellNote[], sheet: string, filter: string): CellNote[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  return notes.filter((n) => {
    if (sheet !== '' && n.sheet !== sheet) return false
    const text = `${n.sheet} ${n.column}${n.row} ${n.header} ${n.message} ${n.value} ${n.code}`.toLowerCase()
    return words.every((w) => text.includes(w))
  })
}
