import type { Control, NodeState } from '@ruhu/engine'
import { has } from './kinds'
import type { Lookup } from './pages'

/** The question in which a member is marked as moved or died: a choice with this appearance; its first choice means "lives here". */
const STATE = 'member-state'

/** The questions of a repeat, groups taken apart; those of repeats within are not columns. */
export function columnsIn(control: Control): Control[] {
  return control.children.flatMap((c) =>
    c.type === 'group' ? columnsIn(c) : c.type === 'repeat' || c.type === 'note' ? [] : [c],
  )
}

export const stateOf = (control: Control): Control | undefined => columnsIn(control).find((c) => has(c, STATE))

/** A repeat of people: the base list knows some of them, or the form can mark what became of them. */
export function isRoster(control: Control, ref: string, node: Lookup): boolean {
  return stateOf(control) !== undefined || node(`${ref}[1]`)?.prefilled === true
}

/** What a member may be marked with: every choice but the first. */
export const marks = (state: NodeState | undefined): { value: string; label: string }[] =>
  state?.choices?.slice(1) ?? []
