import type { FieldDb } from '../store/db'
import { draw, type Quiz, type QuizQuestion } from './material'

/** An attempt at the quiz that is not finished: its id draws the questions. */
export interface Begun {
  id: string
  campaign: string
  /** The codes of what was drawn: another quiz draws others, and is begun anew. */
  drawn: string[]
  chosen: number[][]
  at: number
}

/** The attempt to go on with, and its questions; null when there is none, it was finished, or the questions are others now. */
export async function begun(
  db: FieldDb,
  quiz: Quiz,
  campaign: string,
): Promise<{ begun: Begun; drawn: QuizQuestion[] } | null> {
  const b = await db.setting<Begun>('quiz')
  if (!b || b.campaign !== campaign || (await db.attempts.get(b.id))) return null
  const drawn = await draw(quiz, b.id)
  const same = drawn.length === b.drawn.length && drawn.every((q, i) => q.code === b.drawn[i])
  return same && b.at < drawn.length ? { begun: b, drawn } : null
}
