import type { FieldDb } from '../store/db'
import { isFinal, type Run } from './server'

// A refusal of one household stops nothing else: what was given back keeps the server's sentence until somebody has read it.

/** Tells the office which households this phone has begun, so that no plan gives them to another team. */
export async function tellWork(db: FieldDb, { server }: Run): Promise<void> {
  const here = new Set((await db.package())?.assignments.map((a) => a.id))
  const told = new Set(((await db.setting<string[]>('begun')) ?? []).filter((id) => here.has(id)))
  for (const id of await db.drafts.keys()) {
    if (!here.has(id) || told.has(id)) continue
    await refusedBy(() => server.begin(id))
    told.add(id)
    await db.set('begun', [...told])
  }
}

/** Also from a phone that was given up: what was said there was said, and the household would wait for nobody. */
export async function giveBack(db: FieldDb, { server }: Run): Promise<void> {
  const here = new Set((await db.package())?.assignments.map((a) => a.id))
  for (const assignment of await db.given.keys()) {
    // Withdrawn, or begun after all, while something before it was sent?
    const g = await db.given.get(assignment)
    if (!g) continue
    const begun = [...(await db.drafts.keys()), ...(await db.refs('parcels'))]
    const ours = here.has(assignment) && !begun.includes(assignment)
    if (ours && g.trouble) continue
    const trouble = ours ? await refusedBy(() => server.giveBack(assignment, g.reason)) : ''
    const put = trouble ? [await db.given.row({ ...g, trouble })] : []
    // Withdrawn meanwhile: it must not come again.
    await db.write({ put, drop: [['given', assignment]], only: { t: 'given', k: assignment, stamp: 0 } })
  }
}

/** The server's sentence when it refuses this one thing; '' when it does not. Everything else ends the run. */
async function refusedBy(asked: () => Promise<void>): Promise<string> {
  try {
    await asked()
    return ''
  } catch (e) {
    if (!isFinal(e)) throw e
    return e.detail || e.code
  }
}
