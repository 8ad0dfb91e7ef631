import type { NodeState } from '@ruhu/engine'

/** A value of a question as people read it: the labels of choices instead of their codes. */
export function inWords(n: NodeState, value: string): string {
  if (!n.choices?.length) return value
  const chosen = value.split(' ')
  return n.choices
    .filter((c) => chosen.includes(c.value))
    .map((c) => c.label)
    .join('、')
}
