import type { FieldDb } from '../store/db'

/** An answer that took longer says too little about the time. */
const SLOW = 20_000

/** By how much the server's clock is ahead of the phone's; null when that cannot be told. */
export function ahead(server: string, asked: number, answered: number): number | null {
  const offset = Math.round(Date.parse(server) - (asked + answered) / 2)
  return Number.isFinite(offset) && answered - asked <= SLOW ? offset : null
}

/** Notes it for the time without a network. A second more or less is no news. */
export async function noteClock(db: FieldDb, offset: number | null): Promise<void> {
  if (offset === null || Math.abs(offset - ((await db.setting<number>('clock')) ?? Infinity)) < 1000) return
  await db.set('clock', offset)
}

/** ms to add to the phone's clock; 0 when the server has never told its time. */
export const clockOffset = async (db: FieldDb | null): Promise<number> => (await db?.setting<number>('clock')) ?? 0
