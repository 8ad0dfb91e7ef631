import { ApiError, field, isOffline } from '@ruhu/api'
import { computed, reactive } from 'vue'
import type { FieldDb } from '../store/db'
import { download } from './download'
import { send } from './outbox'
import type { Server } from './server'

/** What the status line shows. */
export interface SyncState {
  running: boolean
  online: boolean
  /** ms; null before the first time. */
  syncedAt: number | null
  queued: number
  trouble: 'login' | 'offline' | 'server' | null
  /** The server's sentence, when it gave one. */
  detail: string
  /** Counts up after each run, so that lists read again. */
  round: number
}

export const sync = reactive<SyncState>({
  running: false,
  online: navigator.onLine,
  syncedAt: null,
  queued: 0,
  trouble: null,
  detail: '',
  round: 0,
})

export const needsLogin = computed(() => sync.trouble === 'login')

/** How often the phone looks on its own, while visible. */
const EVERY = 60_000

/** Reads the status from the phone itself, e.g. after a form was put into the queue. */
export async function refresh(db: FieldDb): Promise<void> {
  sync.queued = await db.parcels.count()
  sync.syncedAt = await db.setting<number>('synced_at')
  sync.round++
}

/** Sends and downloads. Two at once, also in two tabs, become one. Never rejects: the state says how it went. */
export async function run(db: FieldDb, force = false, by: Server = field): Promise<void> {
  if (sync.running) return
  sync.running = true
  try {
    await alone(() => both(db, force, by))
  } finally {
    sync.running = false
    await refresh(db)
  }
}

async function both(db: FieldDb, force: boolean, by: Server): Promise<void> {
  try {
    const sent = await send(db, by, { now: Date.now(), force })
    if (sent !== 'done') {
      sync.trouble = sent
      return
    }
    await download(db, by)
    await db.set('synced_at', Date.now())
    sync.trouble = null
    sync.detail = ''
  } catch (e) {
    if (isOffline(e)) sync.trouble = 'offline'
    else if (e instanceof ApiError && e.status === 401) sync.trouble = 'login'
    else {
      sync.trouble = 'server'
      sync.detail = e instanceof ApiError ? `${e.detail}（${e.code}）` : ''
      if (!(e instanceof ApiError)) console.error('sync', e)
    }
  }
}

async function alone(job: () => Promise<void>): Promise<void> {
  const locks = navigator.locks as LockManager | undefined
  if (!locks) return job()
  await locks.request('ruhu-field-sync', { ifAvailable: true }, async (lock) => {
    if (lock) await job()
  })
}

/** Syncs when the network comes back, when the app comes to the front, and now and then. Call once. */
export function watch(current: () => FieldDb | null): void {
  const go = (force: boolean) => {
    const db = current()
    if (db && navigator.onLine && document.visibilityState === 'visible' && sync.trouble !== 'login')
      void run(db, force)
  }
  addEventListener('online', () => {
    sync.online = true
    go(true)
  })
  addEventListener('offline', () => (sync.online = false))
  document.addEventListener('visibilitychange', () => go(false))
  setInterval(() => go(false), EVERY)
}
