import { ApiError, field, isOffline } from '@ruhu/api'
import { computed, reactive } from 'vue'
import { clockOffset } from '../badge/clock'
import type { FieldDb } from '../store/db'
import { isFull } from '../store/store'
import { carry } from './earlier'
import { Link } from './link'
import { knock, once } from './once'
import type { Run, Server } from './server'

/** What the status line shows. */
export interface SyncState {
  running: boolean
  online: boolean
  /** ms; null before the first time. */
  syncedAt: number | null
  queued: number
  /** Pictures of forms that have arrived, still to be sent. */
  media: number
  /** Small pictures of earlier rounds that are still to come; they come in the background. */
  earlier: number
  /**
   * other: who is logged in at the server is somebody else of this phone. replaced: another phone has taken the place of this one. full: the
   * phone has no room.
   */
  trouble: 'login' | 'other' | 'offline' | 'server' | 'full' | 'replaced' | null
  /** The server's sentence, when it gave one. */
  detail: string
  /** ms by which the server's clock is ahead of the phone's; 0 when it was never told. */
  ahead: number
  /** Counts up after each run, so that lists read again. */
  round: number
}

export const sync = reactive<SyncState>({
  running: false,
  online: navigator.onLine,
  syncedAt: null,
  queued: 0,
  media: 0,
  earlier: 0,
  trouble: null,
  detail: '',
  ahead: 0,
  round: 0,
})

export const needsLogin = computed(() => sync.trouble === 'login' || sync.trouble === 'other')

/** How often the phone looks on its own, while visible. */
const EVERY = 60_000

/** What happens when the office had this phone cleared and everything has arrived. */
let cleared: (db: FieldDb) => Promise<void> = (db) => db.wipe()
export const onCleared = (f: typeof cleared): void => void (cleared = f)

/** Reads the status from the phone itself, e.g. after a form was put into the queue. */
export async function refresh(db: FieldDb): Promise<void> {
  const { queued, media } = await db.unsent()
  sync.queued = queued
  sync.media = media
  if (db.open) {
    sync.syncedAt = await db.setting<number>('synced_at')
    sync.ahead = await clockOffset(db)
  }
  sync.round++
}

/** What a locked phone asks for, while it does. */
let knocking: Promise<void> | null = null

/** A locked phone asks whether it is to clear itself. Says nothing on the screen, and never rejects. */
export async function knockOnce(db: FieldDb, by: Server = field): Promise<void> {
  if (db.open || sync.running || knocking) return
  const r: Run = { server: by, link: new Link(null), now: () => Date.now(), clear: clearing }
  knocking = alone('ruhu-field-sync', () => knock(db, r)).catch((e: unknown) => {
    // No network, no login, somebody else's login, or no key of the county's yet, without which nothing can be left there.
    if (!(e instanceof ApiError) && e !== 'office') console.error('knock', e)
  })
  await knocking
  knocking = null
}

/** The run that was asked for while one is under way. */
let next: { db: FieldDb; force: boolean } | null = null
function taken(): typeof next {
  const now = next
  next = null
  return now
}

/**
 * Sends and downloads. One that is asked for while another is under way happens right after it, and what is long gives way to it. In two tabs
 * only one runs. Never rejects: the state says how it went.
 */
export async function run(db: FieldDb, force = false, by: Server = field): Promise<void> {
  if (!db.open) return
  next = { db, force: force || (next?.db === db && next.force) }
  if (sync.running) return
  sync.running = true
  turn++ // pictures of earlier rounds wait for everything else
  try {
    for (let now = taken(); now?.db.open; now = taken()) {
      const { db: which, force: hard } = now
      await knocking
      await alone('ruhu-field-sync', () => shown(which, hard, by))
      if (next && which.open) await refresh(which)
    }
  } finally {
    next = null
    sync.running = false
    if (db.open) await refresh(db)
  }
  if (db.open && sync.trouble === null) later(db, force, by)
}

let turn = 0
let carrying: Promise<void> = Promise.resolve()

/** The last step of a run, on its own: nobody waits for it, the next run stops it, and whatever goes wrong shows nowhere. */
function later(db: FieldDb, force: boolean, server: Server): void {
  const mine = turn
  const stop = (): boolean => mine !== turn || !db.open
  const left = (n: number): void => void (sync.earlier = n)
  carrying = carrying
    .then(() =>
      alone('ruhu-field-earlier', async () => {
        if (stop()) return
        const link = new Link(await db.setting<number>('link'))
        const run = { server, link, now: () => Date.now(), clear: cleared }
        if (await carry(db, run, { stop, left, force })) sync.round++
      }),
    )
    .catch((e: unknown) => {
      if (db.open && !(e instanceof ApiError) && !isFull(e)) console.error('earlier', e)
    })
    .finally(() => left(0))
}

/** For tests: what goes on in the background has ended. */
export const settled = (): Promise<void> => carrying

/** Clears the phone after nothing writes to it any more. */
async function clearing(db: FieldDb): Promise<void> {
  turn++
  await carrying
  await cleared(db)
}

/** One run, with its outcome in the state. */
async function shown(db: FieldDb, force: boolean, server: Server): Promise<void> {
  const link = new Link(await db.setting<number>('link'))
  const r: Run = {
    server,
    link,
    now: () => Date.now(),
    arrived: () => refresh(db),
    asked: () => next !== null,
    clear: clearing,
  }
  try {
    const how = await once(db, r, force)
    if (how === 'again') next ??= { db, force: false }
    sync.trouble = how === 'again' ? null : how
    sync.detail = ''
  } catch (e) {
    if (!db.open) return // locked in the middle: the next run goes on
    if (isOffline(e)) sync.trouble = 'offline'
    else if (e instanceof ApiError && e.status === 401) sync.trouble = 'login'
    else if (e instanceof ApiError && e.code === 'device.other_account') sync.trouble = 'other'
    else if (isFull(e)) sync.trouble = 'full'
    else {
      sync.trouble = 'server'
      sync.detail = e instanceof ApiError ? `${e.detail}（${e.code}）` : ''
      if (!(e instanceof ApiError)) console.error('sync', e)
    }
  } finally {
    if (db.open && !sync.trouble) await db.set('link', link.size).catch(() => undefined)
  }
}

async function alone(name: string, job: () => Promise<void>): Promise<void> {
  const locks = navigator.locks as LockManager | undefined
  if (!locks) return job()
  await locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await job()
  })
}

/** Syncs when the network comes back, when the app comes to the front, and now and then; `shut` is what is locked. Call once. */
export function watch(current: () => FieldDb | null, shut: () => FieldDb | null): void {
  const go = (force: boolean) => {
    const db = current()
    const closed = shut()
    if (closed && navigator.onLine && document.visibilityState === 'visible') void knockOnce(closed)
    // Nothing is new by the clock alone: what is under way does not break off for that.
    if (!force && sync.running) return
    if (db && navigator.onLine && document.visibilityState === 'visible' && !needsLogin.value) void run(db, force)
  }
  addEventListener('online', () => {
    sync.online = true
    go(true)
  })
  addEventListener('offline', () => (sync.online = false))
  document.addEventListener('visibilitychange', () => go(false))
  setInterval(() => go(false), EVERY)
  go(false)
}
