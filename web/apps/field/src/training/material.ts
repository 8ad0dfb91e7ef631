import { sha256, type FieldPackage, type PlaybookText } from '@ruhu/api'
import type { FieldDb } from '../store/db'
import { utf8 } from '../vault/bytes'

/** What people practise on and are asked, as the server makes it (internal/training/material.go). */
export interface Material {
  households: TrainingHousehold[]
  quiz: Quiz | null
}

export interface TrainingHousehold {
  code: string
  form: string
  form_hash: string
  head_name: string
  village: string
  /** What whoever practises finds out there. */
  told: PlaybookText
  prefill: Record<string, string>
  answers: ModelAnswer[]
}

/** What an item should have been filled in with, and why. */
export interface ModelAnswer {
  item: string
  value: string
  why: PlaybookText
}

export interface Quiz {
  ask: number
  pass: number
  questions: QuizQuestion[]
}

export interface QuizQuestion {
  code: string
  text: PlaybookText
  several: boolean
  options: (PlaybookText & { right: boolean })[]
  why: PlaybookText
  source: string
  item: string
}

/** The material of the campaign; null when it has none, or it has not been downloaded. */
export async function material(db: FieldDb, pkg: FieldPackage | null): Promise<Material | null> {
  const hash = pkg?.campaign?.training
  const row = hash ? await db.materials.get(hash) : undefined
  return row ? (JSON.parse(row.json) as Material) : null
}

/** The questions of an attempt, in the order in which they are asked: those with the smallest SHA-256 of "attempt code". So does the server. */
export async function draw(quiz: Quiz, attempt: string): Promise<QuizQuestion[]> {
  const keyed = await Promise.all(
    quiz.questions.map(async (q) => ({ q, key: await sha256(utf8(`${attempt} ${q.code}`)) })),
  )
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1))
  return keyed.slice(0, quiz.ask).map((k) => k.q)
}

/** Exactly the right options, and no other. */
export const isRight = (q: QuizQuestion, chosen: number[]): boolean =>
  q.options.every((o, i) => o.right === chosen.includes(i))
