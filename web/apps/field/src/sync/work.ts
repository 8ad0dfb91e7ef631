import { ApiError, isOffline } from '@ruhu/api'
import type { FieldDb } from '../store/db'
import type { GivenBack } from '../store/rows'
import type { Run } from './server'

/**
 * Tells the office which households this phone has begun, so that no plan gives them to another team, and gives back those that the team can't
 * do. A refusal of one stops nothing else: what was given back keeps the server's sentence until somebody has read it.
 */
export async function tellWork(db: FieldDb, { server }: Run): Promise<void> {
  const here = new Set((await db.package())?.assignments.map((a) => a.id))
  const drafts = new Set((await db.drafts.all()).map((d) => d.assignment))
  const parcels = new Set((await db.parcels.all()).map((p) => p.assignment))

  const told = new Set(((await db.setting<string[]>('begun')) ?? []).filter((id) => here.has(id)))
  for (const id of drafts) {
    if (!here.has(id) || told.has(id)) continue
    await refusedBy(() => server.begin(id))
    told.add(id)
    await db.set('begun', [...told])
  }

  const keep: GivenBack[] = []
  const given = (await db.setting<GivenBack[]>('given_back')) ?? []
  for (const [i, g] of given.entries()) {
    if (!here.has(g.assignment) || drafts.has(g.assignment) || parcels.has(g.assignment)) continue // gone, or begun after all
    const trouble = g.trouble ?? (await refusedBy(() => server.giveBack(g.assignment, g.reason)))
    if (trouble) keep.push({ ...g, trouble })
    await db.set('given_back', [...keep, ...given.slice(i + 1)])
  }
  if (given.length > 0) await db.set('given_back', keep)
}

/** The server's sentence when it refuses this one thing; '' when it does not. No network and no login end the run. */
async function refusedBy(asked: () => Promise<void>): Promise<string> {
  try {
    await asked()
    return ''
  } catch (e) {
    if (!(e instanceof ApiError) || isOffline(e) || e.status === 401) throw e
    return e.detail || e.code
  }
}
