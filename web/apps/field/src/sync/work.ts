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

  const told = new Set(((await db.setting<string[]>('begun')) ?? []).filter((id) => here.has(id)))
  for (const id of drafts) {
    if (!here.has(id) || told.has(id)) continue
    await refusedBy(() => server.begin(id))
    told.add(id)
    await db.set('begun', [...told])
  }

  for (const { assignment } of await givenBack(db)) {
    // Withdrawn, or begun after all, while something before it was sent?
    const g = (await givenBack(db)).find((x) => x.assignment === assignment)
    if (!g) continue
    const begun = [...(await db.drafts.keys()), ...(await db.refs('parcels'))]
    const ours = here.has(assignment) && !begun.includes(assignment)
    const trouble = ours ? (g.trouble ?? (await refusedBy(() => server.giveBack(assignment, g.reason)))) : ''
    await changeGivenBack(db, (list) =>
      list.flatMap((x) => (x.assignment !== assignment ? [x] : trouble ? [{ ...x, trouble }] : [])),
    )
  }
}

export const givenBack = async (db: FieldDb): Promise<GivenBack[]> =>
  (await db.setting<GivenBack[]>('given_back')) ?? []

let turn: Promise<unknown> = Promise.resolve()

/** Changes the list of what is given back; one change after the other, so that none undoes another. */
export function changeGivenBack(db: FieldDb, change: (list: GivenBack[]) => GivenBack[]): Promise<void> {
  const done = turn.then(async () => db.set('given_back', change(await givenBack(db))))
  turn = done.catch(() => undefined)
  return done
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
