import { computed, shallowRef } from 'vue'
import { api, type FieldPackage, type Me } from '@ruhu/api'
import { locked, recentlyTouched, touch } from '../device/idle'
import { hashPin, type PinHash } from '../device/pin'
import type { FieldDb } from '../store/db'
import { openDb } from '../store/open'
import { sync } from '../sync/sync'

const ME = 'ruhu.field.me'
const PIN = 'ruhu.field.pin'

/** Who is logged in on this phone; stays so without a network and over restarts. */
export const me = shallowRef<Me | null>(stored<Me>(ME))

/** The assignments as last downloaded. */
export const pack = shallowRef<FieldPackage | null>(null)

export const db = computed<FieldDb | null>(() => (me.value ? openDb(me.value.id) : null))

function stored<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as T | null
  } catch {
    return null
  }
}

/** Opens what is on the phone. A page that was killed a moment ago needs no PIN; one from this morning does. */
export async function start(): Promise<void> {
  await readPackage()
  if (me.value && ownPin() && !recentlyTouched()) locked.value = true
}

export async function readPackage(): Promise<void> {
  pack.value = (await db.value?.package()) ?? null
}

/** Logs in at the server. Throws ApiError, or 'role' when the account does not do field work. */
export async function login(account: string, password: string): Promise<Me> {
  const who = await api.session.login(account, password)
  if (!who.actions.includes('field.use')) {
    await api.session.logout().catch(() => undefined)
    throw 'role' as const
  }
  if (me.value?.id !== who.id) localStorage.removeItem(PIN)
  remember(who)
  sync.trouble = null
  touch()
  await readPackage()
  return who
}

function remember(who: Me): void {
  localStorage.setItem(ME, JSON.stringify(who))
  me.value = who
}

/** Leaves the phone's data where it is: logging in with the same account shows it again. */
export async function logout(): Promise<void> {
  await api.session.logout().catch(() => undefined)
  localStorage.removeItem(ME)
  localStorage.removeItem(PIN)
  me.value = null
  pack.value = null
}

/** The hash one's own PIN is checked against: the server's, or the one made here when it was set. */
export function ownPin(): PinHash | null {
  const mine = pack.value?.team?.members.find((m) => m.id === me.value?.id)?.pin
  return mine ?? stored<PinHash>(PIN)
}

export async function setPin(pin: string): Promise<void> {
  await api.session.pin(pin)
  localStorage.setItem(PIN, JSON.stringify(await hashPin(pin)))
  if (me.value) remember({ ...me.value, pin_set: true })
  touch()
}
