import type { FieldComment } from '@ruhu/api'
import { standsAt } from './pages'

/** Reviewers' comments by the ref that they name. */
export type Comments = ReadonlyMap<string, FieldComment[]>

/** What was written at a question. */
export const notedAt = (comments: Comments, path: string): FieldComment[] =>
  [...comments].flatMap(([ref, list]) => (standsAt(ref, path) ? list : []))

/** Where the comments are to be found: on a page, in the form's order, or nowhere, as their question is not asked now. */
export function placesOf(comments: Comments, paths: string[]): { at: string[]; nowhere: FieldComment[] } {
  const at = paths.filter((p, i) =>
    [...comments.keys()].some((ref) => standsAt(ref, p) && paths.findIndex((x) => standsAt(ref, x)) === i),
  )
  const nowhere = [...comments].flatMap(([ref, list]) => (paths.some((p) => standsAt(ref, p)) ? [] : list))
  return { at, nowhere }
}
