import type { Choice, Control } from '@ruhu/engine'
import { MANY, partOf, plainNumber, type Kind } from './kinds'

// Keying a form that was filled in on paper: what the keyboard gives, as the form keeps it. On paper choices carry the numbers ①, ②, … of
// their places, so a number means a place first and a code only where no place has it.

/** A question that one line of typing answers; the others keep their own widget. */
export function keyed(kind: Kind, c: Pick<Control, 'appearance' | 'datatype'>, choices: number): boolean {
  if (kind === 'one' || kind === 'many') return choices > 0 && choices < MANY
  if (kind === 'date') return partOf(c) !== 'moment' && partOf(c) !== 'time'
  return kind === 'text' || kind === 'number' || kind === 'range' || kind === 'barcode'
}

export const mark = (n: number): string => (n < 20 ? String.fromCharCode(0x2460 + n) : `(${n + 1})`)

const half = (typed: string): string => typed.replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0))

/** The value of the choice that was typed; undefined when there is none. */
export function keyedChoice(choices: Choice[], typed: string): string | undefined {
  const text = half(typed).trim()
  const place = /^\d+$/.test(text) ? choices[Number(text) - 1] : undefined
  return (place ?? choices.find((c) => c.value === text))?.value
}

/** Several choices, `1 3` or `1,3`, or `13` where no choice has two digits; in the form's order. undefined when one of them is none. */
export function keyedChoices(choices: Choice[], typed: string): string | undefined {
  let parts = half(typed)
    .split(/[\s,，、.;；]+/)
    .filter(Boolean)
  const single = parts.length === 1 && /^\d{2,}$/.test(parts[0] ?? '')
  if (single && choices.length < 10 && !choices.some((c) => c.value === parts[0])) parts = (parts[0] ?? '').split('')
  const values = parts.map((p) => keyedChoice(choices, p))
  if (values.includes(undefined)) return undefined
  return choices
    .map((c) => c.value)
    .filter((v) => values.includes(v))
    .join(' ')
}

/** 20180312, 2018-3-12, 2018.3.12, 2018年3月12日; 201803 or 2018 where no more is asked. undefined when it is no day. */
export function keyedDate(part: 'day' | 'month' | 'year', typed: string): string | undefined {
  const text = half(typed).trim()
  const plain = /^(\d{4})(\d\d)?(\d\d)?$/.exec(text) ?? /^(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2}))?\D*$/.exec(text)
  if (!plain) return undefined
  const [, y = '', m, d] = plain
  if (part === 'day' && (!m || !d)) return undefined
  if (part === 'month' && !m) return undefined
  const month = part === 'year' ? '01' : (m ?? '').padStart(2, '0')
  const day = part === 'day' ? (d ?? '').padStart(2, '0') : '01'
  const iso = `${y}-${month}-${day}`
  const at = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : undefined
}

/** What was typed, as the form keeps it; '' for nothing, undefined for what is no answer to this question. */
export function valueOf(kind: Kind, c: Control, choices: Choice[], typed: string): string | undefined {
  if (typed.trim() === '') return ''
  if (kind === 'one') return keyedChoice(choices, typed)
  if (kind === 'many') return keyedChoices(choices, typed)
  if (kind === 'number' || kind === 'range') return plainNumber(typed)
  if (kind === 'date') return keyedDate(partOf(c) as 'day' | 'month' | 'year', typed)
  return typed
}

/** An answer as one would type it. */
export function typedOf(kind: Kind, choices: Choice[], value: string): string {
  if (kind !== 'one' && kind !== 'many') return value
  const places = value.split(/\s+/).filter(Boolean)
  return places.map((v) => String(choices.findIndex((c) => c.value === v) + 1 || v)).join(' ')
}

const STOPS = '[data-key], [data-test="question"]:not([data-keyed])'

/** Where Enter goes from here: the next line or button, forwards or back; null at the end of the page. */
export function stopAfter(page: ParentNode, from: HTMLElement, step: 1 | -1): HTMLElement | null {
  const wanted = step > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING
  const all = [...page.querySelectorAll<HTMLElement>(STOPS)].filter(
    (x) => from.compareDocumentPosition(x) & wanted && !x.contains(from) && (from === page || !from.contains(x)),
  )
  return (step > 0 ? all[0] : all[all.length - 1]) ?? null
}

export const firstStop = (page: ParentNode): HTMLElement | null => page.querySelector<HTMLElement>(STOPS)
