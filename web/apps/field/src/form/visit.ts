import type { Control, NodeState, Visit } from '@ruhu/engine'

/** How answers are got (S1.13), from the household's own word to none; of two that a form says, the later one is what has to be known. */
export const KINDS = ['self', 'member', 'cadre', 'phone', 'registers', 'lost'] as const satisfies Visit['respondent'][]
export type Kind = (typeof KINDS)[number]

/** What a form's own questions say of who answered: their choices by kind, or the name. */
interface Source {
  ref: string
  kinds: Map<string, Kind>
  name: boolean
}

const isKind = (k: string | undefined): k is Kind => KINDS.some((x) => x === k)

/** The questions with the attribute ruhu:respondent: `1=self 2=member` at choices, `name` at a text. */
export function sourcesOf(body: Control[]): Source[] {
  return body.flatMap((c) => {
    const said = c.attrs?.['ruhu:respondent'] ?? ''
    const pairs = said.split(/\s+/).map((p) => p.split('='))
    const kinds = new Map(
      pairs.flatMap(([value = '', kind]): [string, Kind][] => (isKind(kind) ? [[value, kind]] : [])),
    )
    return [...(said ? [{ ref: c.ref, kinds, name: said === 'name' }] : []), ...sourcesOf(c.children)]
  })
}

/** The form asks for every kind itself: nothing is left to ask at the end. */
export const coversAll = (sources: Source[]): boolean =>
  KINDS.every((k) => sources.some((s) => [...s.kinds.values()].includes(k)))

/** What the answers say; '' where they leave it open. */
export function saidBy(
  sources: Source[],
  node: (ref: string) => NodeState | undefined,
): Pick<Visit, 'respondent' | 'name'> {
  const asked = sources.flatMap((s) => {
    const n = node(s.ref)
    return n?.relevant && n.value ? [{ ...s, value: n.value }] : []
  })
  const kinds = asked.map((s) => s.kinds.get(s.value))
  return {
    respondent: [...KINDS].reverse().find((k) => kinds.includes(k)) ?? '',
    name:
      asked
        .find((s) => s.name)
        ?.value.trim()
        .slice(0, 100) ?? '',
  }
}

/** Who answered has to be said, and by name when it was not the household's own head. */
export const visitWanting = (v: Visit): boolean =>
  v.respondent === '' || (v.respondent !== 'self' && v.respondent !== 'lost' && v.name === '')
