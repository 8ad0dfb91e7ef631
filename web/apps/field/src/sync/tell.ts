import { ApiError } from '@ruhu/api'
import type { FieldDb } from '../store/db'
import { timed, type Run } from './server'

/** Sends what was asked and said about queries, the oldest first. What the server will not have stays, with its reason; the rest goes on. */
export async function sendSays(db: FieldDb, r: Run): Promise<void> {
  const says = (await db.says.all()).sort((a, b) => a.said_at - b.said_at)
  for (const s of says) {
    const { said_at: _, trouble: __, ...body } = s
    try {
      await timed(r, 500, () => r.server.say(body))
      await db.says.delete(s.id)
    } catch (e) {
      if (!(e instanceof ApiError) || e.status < 400 || e.status === 401 || e.status >= 500) throw e
      await db.says.put({ ...s, trouble: e.detail || e.code })
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
      if (!(e instanceof ApiError) || e.status < 400 || e.status === 401 || e.status >= 500) throw e
      await db.attempts.put({ ...a, trouble: e.detail || e.code })
    }
  }
}
