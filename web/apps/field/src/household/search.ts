import type { FieldAssignment } from '@ruhu/api'

/** What a household is found by. */
export interface Entry {
  text: string
  /** For each character of the head's name the letters that it may begin with in pinyin. */
  initials: string[]
}

const entries = new WeakMap<FieldAssignment, Entry>()

/** Made once per assignment: lists are searched at every key. */
export function entryOf(a: FieldAssignment): Entry {
  let e = entries.get(a)
  if (!e) {
    const h = a.household
    e = {
      text: [h.head_name, h.code, h.group, h.village.name].join('\n').toLowerCase(),
      initials: h.initials ? h.initials.split(' ') : [],
    }
    entries.set(a, e)
  }
  return e
}

/** Head, code, group or village contain what was typed, or letters typed are the initials of the head's name, from any character on. */
export function finds({ text, initials }: Entry, typed: string): boolean {
  const q = typed.trim().toLowerCase()
  if (q === '' || text.includes(q)) return true
  if (!/^[a-z ]+$/.test(q)) return false
  const letters = q.replace(/ /g, '')
  for (let from = 0; from + letters.length <= initials.length; from++) {
    let n = 0
    while (n < letters.length && initials[from + n]?.includes(letters[n] ?? '')) n++
    if (n === letters.length) return true
  }
  return false
}
