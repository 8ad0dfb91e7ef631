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
