import type { Control, NodeState } from '@ruhu/engine'

/** One screen of a form. */
export interface Page {
  /** Names the page in a draft: the ref of its group or question, or a number for a group without one. */
  key: string
  /** What is on it: the children of a group, or one question. */
  controls: Control[]
  /** The group that makes the page, if one does. */
  group: Control | null
}

const isGroup = (c: Control): boolean => c.type === 'group'
const isFieldList = (c: Control): boolean => c.appearance.split(/\s+/).includes('field-list')

/**
 * Cuts a form into pages: a field-list group is a page; a group that holds field-lists is cut further; any other top-level group
 * is a page; so is a repeat, and a question outside all groups.
 */
export function pagesOf(body: Control[]): Page[] {
  const pages: Page[] = []
  const add = (c: Control, group: boolean) =>
    pages.push({ key: c.ref || `#${pages.length}`, controls: group ? c.children : [c], group: group ? c : null })
  const cut = (controls: Control[]) => {
    for (const c of controls) {
      if (isGroup(c) && !isFieldList(c) && holdsFieldList(c)) cut(c.children)
      else add(c, isGroup(c))
    }
  }
  cut(body)
  return pages
}

/**
 * One question a page, for who likes it so. Facts and notes do not make a page: they stand before the question that follows them; a repeat is a
 * page, as a table is read as a whole. `fact` says what cannot be answered.
 */
export function singlePages(body: Control[], fact: (c: Control) => boolean): Page[] {
  const pages: Page[] = []
  let before: Control[] = []
  const add = (controls: Control[], group: Control | null) =>
    pages.push({ key: controls[controls.length - 1]?.ref || `#${pages.length}`, controls, group })
  const cut = (controls: Control[], group: Control | null) => {
    for (const c of controls) {
      if (isGroup(c)) {
        cut(c.children, c.ref ? c : group)
      } else if (fact(c)) {
        before.push(c)
      } else {
        add([...before, c], group)
        before = []
      }
    }
    // What stands at the end of a group is its own page: the next group is about something else.
    if (before.length > 0) add(before, group)
    before = []
  }
  cut(body, null)
  return pages
}

const holdsFieldList = (c: Control): boolean =>
  c.children.some((x) => isGroup(x) && (isFieldList(x) || holdsFieldList(x)))

export type Lookup = (ref: string) => NodeState | undefined

/** Refs of all that is wanted among some controls and what they hold, in the form's order, on the screen now or not. */
export const refsIn = (controls: Control[], wanted: (c: Control) => boolean = () => true): string[] =>
  controls.flatMap((c) => [...(wanted(c) ? [c.ref] : []), ...refsIn(c.children, wanted)])

/** The questions of a page that are on the screen now, in order, those in repeat instances included. */
export function questions(page: Page, node: Lookup): string[] {
  const out: string[] = []
  const walk = (controls: Control[], at: (ref: string) => string) => {
    for (const c of controls) {
      const ref = c.ref && at(c.ref)
      const state = ref ? node(ref) : undefined
      if (state && !state.relevant) continue
      if (c.type === 'repeat') {
        const count = state?.count ?? 0
        for (let i = 1; i <= count; i++) walk(c.children, inside(c.ref, `${ref}[${i}]`, at))
      } else if (isGroup(c)) {
        walk(c.children, at)
      } else if (state) {
        out.push(ref)
      }
    }
  }
  walk(page.controls, (ref) => ref)
  return out
}

/** Refs of controls carry no repeat numbers; inside instance `to` of the repeat `from` they begin with `to`. */
export function inside(from: string, to: string, at: (ref: string) => string): (ref: string) => string {
  return (ref) => (ref === from || ref.startsWith(from + '/') ? to + ref.slice(from.length) : at(ref))
}

/** A ref without its repeat numbers, as controls have it. */
export const plain = (ref: string): string => ref.replace(/\[\d+\]/g, '')

/** Whether what is said of a ref is said at this question: of member 3 at member 3; of a ref that names no member, at each. */
export const standsAt = (ref: string, path: string): boolean => ref === path || ref === plain(path)

/** Where a question is now that went to another place: in the same instance, if it is still in that repeat. */
export function movedTo(ref: string, place: string): string {
  const instance = ref.slice(0, ref.lastIndexOf(']') + 1)
  return instance && place.startsWith(`${plain(instance)}/`) ? instance + place.slice(plain(instance).length) : place
}
