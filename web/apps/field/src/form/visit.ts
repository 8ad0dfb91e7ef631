import type { Control, Visit } from '@ruhu/engine'

/** Whether a form asks itself who answers, in a question named `respondent`; the sheet on paper goes by the same name. */
export function asksRespondent(body: Control[]): boolean {
  return body.some((c) => c.ref.split('/').pop() === 'respondent' || asksRespondent(c.children))
}

/** Who answered has to be said, and by name when it was not the household's own head. */
export function visitWanting(v: Visit, asked: boolean): boolean {
  if (asked) return false
  return v.respondent === '' || (v.respondent !== 'self' && v.respondent !== 'lost' && v.name === '')
}
