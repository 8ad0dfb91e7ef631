// What was said about households and has not reached the server yet. It is kept on this device until the server has answered, under
// the account, so that the next person at the phone is not shown it.
import { ApiError, type ListingInput } from '@ruhu/api'
import type { Form } from './form'

/** One answer on its way. */
export interface Draft {
  /** Made once: sending it again changes nothing. */
  proposal: string
  household: string
  /** The head's name, for the list. */
  name: string
  input: ListingInput
  /** Ids of answers of ours that this one replaced before it was known whether they had arrived. */
  before: string[]
  /** What it was made from, to be opened again when the server did not take it. */
  form?: Form
  /** Why the server did not take it. */
  refused?: { code: string; text: string; field?: string; value?: string }
}

const prefix = 'ruhu.listing.'
export const boxKey = (account: string, campaign: string, village: string) =>
  `${prefix}box.${account}.${campaign}.${village}`
export const formKey = (account: string, household: string) => `${prefix}form.${account}.${household}`

export function read<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(key)
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

/** Answers false when this device keeps nothing: storage is full or switched off. */
export function write(key: string, value: unknown): boolean {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

/** Puts an answer into the box; an earlier one about the same household gives way. */
export function replace(box: Draft[], next: Omit<Draft, 'before'>): Draft[] {
  const old = box.find((d) => d.household === next.household)
  const before = old ? [...old.before, old.proposal] : []
  return [...box.filter((d) => d !== old), { ...next, before }]
}

/** What came of sending one answer. */
export type Outcome = 'sent' | 'later' | 'refused'

/** No network, a busy or broken server, a login that ran out: the answer itself may be right and is sent again. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ApiError)) return 'later'
  const { status } = error
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500 ? 'later' : 'refused'
}

/** What the server said against an answer. */
export function refusalOf(e: ApiError): NonNullable<Draft['refused']> {
  const { field, value } = e.fields
  return {
    code: e.code,
    text: e.detail,
    ...(e.code === 'roster.edit_value' && typeof field === 'string' ? { field, value: String(value ?? '') } : {}),
  }
}

/** Whether it was our own earlier answer that the server found in the way, its reply having been lost. */
export const ownWay = (d: Draft, standing: string | undefined) => standing !== undefined && d.before.includes(standing)
