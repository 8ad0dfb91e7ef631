import { inject, type InjectionKey } from 'vue'
import type { ComputedRef } from 'vue'
import type { Comments } from './comments'
import type { Turn } from './desk'
import type { Filling } from './filling'
import type { PictureStore } from './pictures'
import type { Asked } from './queries'

/** What the questions of an open form share. */
export interface FormContext {
  filling: Filling
  db: PictureStore
  assignment: string
  /** Review comments by the ref that they name, with repeat numbers if the reviewer saw them. */
  comments: Comments
  /** Refs of the questions in which enumerators confirm, in the form's order. */
  enumerators: string[]
  /** Code of the questionnaire. */
  formCode: string
  /** What was asked upward from this household's form. */
  queries: ComputedRef<Asked[]>
  /** Says something about a query: asks, asks again, settles it. */
  say: (turn: Turn) => Promise<void>
  /** Nothing of this form is kept or sent. */
  practice: boolean
  /** The answers are keyed from paper: lines to type into instead of widgets for the thumb. */
  keying: boolean
  /** Questions that the first keying of the same paper answers differently. */
  again: Set<string>
  /** Goes on to the next question, where a form wants that after one tap. */
  advance?: (ref: string) => void
}

export const FORM: InjectionKey<FormContext> = Symbol('form')

export function useForm(): FormContext {
  const c = inject(FORM)
  if (!c) throw new Error('a question outside of a form')
  return c
}
