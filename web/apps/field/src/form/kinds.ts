import type { Control } from '@ruhu/engine'
import { refsIn } from './pages'

export type Kind =
  | 'one'
  | 'many'
  | 'text'
  | 'number'
  | 'date'
  | 'photo'
  | 'signature'
  | 'position'
  | 'enumerator'
  | 'trigger'
  | 'rank'
  | 'range'
  | 'boolean'
  | 'barcode'
  | 'line'
  | 'voice'
  | 'video'
  | 'place'
  | 'file'
  | 'note'
  | 'unsupported'

export const has = (c: Pick<Control, 'appearance'>, ...appearances: string[]): boolean =>
  c.appearance.split(/\s+/).some((a) => appearances.includes(a))

/** Which widget asks a question. */
export function kindOf(c: Control): Kind {
  switch (c.type) {
    // The heading of a table of choices: on a phone each question carries its own labels.
    case 'select1':
      return has(c, 'label') ? 'note' : 'one'
    case 'select':
      return has(c, 'label') ? 'note' : 'many'
    case 'rank':
      return 'rank'
    case 'note':
      return 'note'
    case 'trigger':
      return 'trigger'
    case 'range':
      return 'range'
    case 'upload':
      return uploadKind(c)
    case 'input':
      if (has(c, 'enumerator')) return 'enumerator'
      return inputKind(c.datatype)
    default:
      return 'unsupported'
  }
}

function uploadKind(c: Control): Kind {
  const type = c.mediatype ?? ''
  if (type.startsWith('osm/')) return 'place'
  if (type.startsWith('audio/')) return c.attrs?.quality === 'external' ? 'file' : 'voice'
  if (type.startsWith('video/')) return 'video'
  if (type.startsWith('image/')) return has(c, 'signature', 'draw') ? 'signature' : 'photo'
  return 'file'
}

function inputKind(typed: string): Kind {
  const datatype = typed.replace(/^xsd:/, '')
  if (datatype === 'int' || datatype === 'integer' || datatype === 'decimal') return 'number'
  if (datatype === 'date' || datatype === 'dateTime' || datatype === 'time') return 'date'
  if (datatype === 'geopoint') return 'position'
  if (datatype === 'geotrace' || datatype === 'geoshape') return 'line'
  if (datatype === 'barcode') return 'barcode'
  if (datatype === 'boolean') return 'boolean'
  return 'text'
}

/** Refs of the questions in which the enumerators confirm: text with the appearance `enumerator`. */
export const enumeratorRefs = (body: Control[]): string[] => refsIn(body, (c) => kindOf(c) === 'enumerator')

/** Where the enumerators may also write their names by hand, by the refs of where they confirm: the first there, the first here. */
export function handRefs(body: Control[]): Record<string, string> {
  const by = enumeratorRefs(body)
  const hands = refsIn(body, (c) => kindOf(c) === 'signature' && has(c, 'enumerator'))
  return Object.fromEntries(hands.slice(0, by.length).map((hand, i) => [by[i], hand]))
}

/** Which camera takes the picture. It is always the camera: what was taken elsewhere or earlier is not what is to be seen here. */
export const facing = (c: Pick<Control, 'appearance'>): 'user' | 'environment' =>
  has(c, 'new-front', 'selfie', 'front') ? 'user' : 'environment'

/** A number of an attribute of the form; the other one where the form says nothing of use. */
export function numberOf(attrs: Record<string, string> | undefined, name: string, or: number): number {
  const n = Number.parseFloat(attrs?.[name] ?? '')
  return Number.isFinite(n) ? n : or
}

/** A number with a comma after every three digits, as `thousands-sep` has it; anything else as it is. */
export function separated(value: string): string {
  const m = /^(-?)(\d+)(\.\d*)?$/.exec(value)
  return m ? `${m[1] ?? ''}${(m[2] ?? '').replace(/\B(?=(\d{3})+$)/g, ',')}${m[3] ?? ''}` : value
}

/** A number as people type it on a Chinese keyboard, as the form wants it: full-width digits, 。 and ， become plain. */
export function plainNumber(typed: string): string {
  return typed
    .trim()
    .replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0))
    .replace(/[。．]/g, '.')
    .replace(/[，,\s]/g, '')
    .replace(/^[－—–]/, '-')
}

/** How a list of choices is laid out: cards one below the other, cards side by side, a drop-down, or a list that one types into. */
export type Layout = 'cards' | 'columns' | 'menu' | 'search'

/** From this many choices on a list is searched, whatever the form says: nobody scrolls through 60 cards. */
export const MANY = 40

export function layoutOf(c: Pick<Control, 'appearance' | 'type'>, choices: number): Layout {
  if (has(c, 'autocomplete', 'autocomplete_chars', 'search') || choices >= MANY) return 'search'
  if (has(c, 'minimal')) return c.type === 'select1' ? 'menu' : 'search'
  return columnsOf(c) > 1 ? 'columns' : 'cards'
}

/** How many cards stand side by side; on a phone never more than four, and only one where labels need the width. */
export function columnsOf(c: Pick<Control, 'appearance'>): number {
  const n = /(?:^|\s)(?:columns|compact)-(\d+)/.exec(c.appearance)?.[1]
  if (n) return Math.min(4, Math.max(1, Number(n)))
  if (has(c, 'likert')) return 4
  if (
    has(
      c,
      'columns',
      'columns-pack',
      'compact',
      'quickcompact',
      'horizontal',
      'horizontal-compact',
      'list',
      'list-nolabel',
    )
  )
    return 2
  return 1
}

/** The choices whose label or value has the typed text in it. */
export function matching<T extends { value: string; label: string }>(choices: T[], typed: string): T[] {
  const text = typed.trim().toLowerCase()
  if (!text) return choices
  return choices.filter((c) => c.label.toLowerCase().includes(text) || c.value.toLowerCase().startsWith(text))
}

/** Start, end and step of a range, as its slider needs them; a range that counts down has its ends turned. */
export function rangeOf(attrs: Record<string, string> | undefined): {
  min: number
  max: number
  step: number
  decimals: number
} {
  const num = (s: string | undefined, or: number) =>
    s !== undefined && s !== '' && Number.isFinite(Number(s)) ? Number(s) : or
  const start = num(attrs?.start, 0)
  const end = num(attrs?.end, 10)
  const step = Math.abs(num(attrs?.step, 1)) || 1
  const places = (s: string | undefined) => /\.(\d+)/.exec(s ?? '')?.[1]?.length ?? 0
  return {
    min: Math.min(start, end),
    max: Math.max(start, end),
    step,
    decimals: Math.max(places(attrs?.start), places(attrs?.end), places(attrs?.step)),
  }
}

/** How much of a moment is asked. */
export type DatePart = 'day' | 'month' | 'year' | 'moment' | 'time'

export function partOf(c: Pick<Control, 'appearance' | 'datatype'>): DatePart {
  if (c.datatype.endsWith('dateTime')) return 'moment'
  if (c.datatype.endsWith('time')) return 'time'
  if (has(c, 'month-year')) return 'month'
  return has(c, 'year') ? 'year' : 'day'
}

/** An answer as the browser's field of that part wants it. */
export function shownDate(value: string, part: DatePart): string {
  return value.slice(0, { day: 10, month: 7, year: 4, moment: 16, time: 5 }[part])
}

/** What the field gave, as the form keeps it: a month or a year is kept as its first day. */
export function partToDate(typed: string, part: DatePart): string {
  if (typed === '') return ''
  if (part === 'year') return /^\d{4}$/.test(typed) ? `${typed}-01-01` : typed
  return part === 'month' ? `${typed}-01` : typed
}
