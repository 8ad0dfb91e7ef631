import { refuse } from '../household/refused'
import type { FieldDb } from '../store/db'
import { isFinal, timed, type Run } from './server'

/**
 * Sends what was asked and said about queries, the oldest first. What the server will not have is put aside, with its reason, and with it what was
 * said of the same query later; the rest goes on.
 */
export async function sendSays(db: FieldDb, r: Run): Promise<void> {
  const says = (await db.says.all()).sort((a, b) => a.said_at - b.said_at)
  const asked = new Map<string, string>()
  for (const s of says) {
    const { id, item, action, text, assignment, ref, label } = s
    const before = asked.get(item)
    if (before !== undefined) {
      await refuse(db, s, before, r.now(), action !== 'reopen')
      continue
    }
    try {
      await timed(r, 500, () => r.server.say({ id, item, action, text, assignment, ref, label }))
      await db.says.delete(s.id)
    } catch (e) {
      if (!isFinal(e)) throw e
      const why = e.detail || e.code
      await refuse(db, s, why, r.now())
      if (action === 'ask') asked.set(item, why)
    }
  }
}

/** Sends attempts at the quiz; the server's marking is kept in the place of the phone's. One that it will not have stays, with its reason. */
export async function sendAttempts(db: FieldDb, r: Run): Promise<void> {
  for (const a of await db.attempts.all()) {
    if (a.sent || a.trouble) continue
    const { id, campaign, answers } = a
    const finished_at = new Date(a.finished_at).toISOString()
    try {
      const mark = await timed(r, 500, () => r.server.attempt({ id, campaign, answers, finished_at }))
      const { asked, correct, passed, wrong } = mark
      await db.attempts.put({ ...a, asked, correct, passed, wrong, sent: true })
    } catch (e) {
      if (!isFinal(e)) throw e
      await db.attempts.put({ ...a, trouble: e.detail || e.code })
    }
  }
}
