import { computed, ref, shallowRef } from 'vue'
import { api, field, type FieldPackage, type Me } from '@ruhu/api'
import { adoptAttempts, rightPin, TOO_MANY, wrongPin } from '../device/attempts'
import { locked, onLock, touch, unlocked } from '../device/idle'
import { checkPin, type PinHash } from '../device/pin'
import type { FieldDb } from '../store/db'
import { hasPlain, plainSetting } from '../store/migrate'
import { closeDb, openDb } from '../store/open'
import { onCleared, sync } from '../sync/sync'
import { fromBase64, type Bytes } from '../vault/bytes'
import type { OfficeKey } from '../vault/key'
import { changePin, create, isPin, resetPin, unlock } from '../vault/vault'
import { dropAccount, noteAccount, type Known } from './accounts'

const ME = 'ruhu.field.me'
/** Where versions without encryption kept a hash of the PIN. */
const OLD_PIN = 'ruhu.field.pin'

/** Whose phone this is now. Of somebody who was chosen from the list without a network no more is known than that. */
export type Owner = Pick<Me, 'id' | 'account' | 'name'> & { pin_set?: boolean }

/** Who works on this phone; stays so without a network and over restarts. */
export const me = shallowRef<Owner | null>(stored<Owner>(ME))

/** The assignments as last downloaded; null while the phone is locked. */
export const pack = shallowRef<FieldPackage | null>(null)

/** What is on the phone, whether it is open or not. */
export const store = computed<FieldDb | null>(() => (me.value ? openDb(me.value.id) : null))

/** The key is in memory. */
const open = ref(false)

/** What is on the phone while it is open; null while it is locked. */
export const db = computed<FieldDb | null>(() => (open.value ? store.value : null))

/** This account has a data key on this phone, so that a PIN opens it. */
export const hasKey = ref(false)

/** The data key that the office gave back to somebody who forgot the PIN, until they have set a new one. */
export const recovered = shallowRef<Bytes | null>(null)

/** This phone was cleared: why, for the login screen. */
export const clearedBy = ref<'' | 'office' | 'pins'>('')

function stored<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as T | null
  } catch {
    return null
  }
}

onLock(async () => {
  open.value = false
  pack.value = null
  await store.value?.lock()
})
onCleared((which) => clear(which, 'office'))

let starting: Promise<void> | null = null

/** Finds out, once, whether there is something to unlock. What is on the phone stays closed until the PIN. */
export function start(): Promise<void> {
  if (me.value) adoptAttempts(me.value.id)
  starting ??= lookForKey().then(() => {
    if (hasKey.value) locked.value = true
  })
  return starting
}

async function lookForKey(): Promise<void> {
  const s = store.value
  hasKey.value = s !== null && ((await s.vault()) !== undefined || (await oldPin(s)) !== null)
}

/** The PIN of a phone whose data still lies in the open, as versions without encryption left it. */
async function oldPin(s: FieldDb): Promise<PinHash | null> {
  if ((await s.vault()) || !(await hasPlain(s))) return null
  const pkg = (await plainSetting(s, 'package')) as FieldPackage | undefined
  const mine = pkg?.team?.members.find((m) => m.id === me.value?.id)?.pin
  return mine ?? stored<PinHash>(OLD_PIN)
}

export async function readPackage(): Promise<void> {
  pack.value = (await db.value?.package()) ?? null
}

async function opened(): Promise<void> {
  open.value = true
  hasKey.value = true
  localStorage.removeItem(OLD_PIN)
  if (me.value) {
    rightPin(me.value.id)
    noteAccount(me.value)
  }
  await readPackage()
  unlocked()
}

/** Opens the phone; false when the PIN is wrong. The first time after an update this seals what lay in the open. */
export async function openWith(pin: string): Promise<boolean> {
  const s = store.value
  if (!s || !me.value) return false
  if (open.value) {
    if (!(await isPin(s, pin))) return false
    unlocked() // locked over work that could not be written
    return true
  }
  const old = await oldPin(s)
  if (old) {
    if (!(await checkPin(pin, old))) return false
    await create(s, me.value.id, pin, null)
  } else if (!(await unlock(s, pin))) return false
  await opened()
  return true
}

/** After a wrong PIN: the tenth clears what is this account's, but only if everything of it has arrived. */
export async function wrong(): Promise<'again' | 'cleared' | 'held'> {
  const n = wrongPin(me.value?.id ?? '')
  const s = store.value
  if (n < TOO_MANY || !s) return 'again'
  const { queued, drafts, media } = await s.unsent()
  if (queued + drafts + media > 0 || (await hasPlain(s))) return 'held'
  await clear(s, 'pins')
  return 'cleared'
}

async function clear(which: FieldDb, why: 'office' | 'pins'): Promise<void> {
  await which.wipe()
  closeDb()
  for (const k of [ME, OLD_PIN]) localStorage.removeItem(k)
  if (me.value) {
    rightPin(me.value.id)
    dropAccount(me.value.id)
  }
  open.value = false
  hasKey.value = false
  pack.value = null
  me.value = null
  clearedBy.value = why
  locked.value = false
}

/** Logs in at the server. Throws ApiError, or 'role' when the account does not do field work. */
export async function login(account: string, password: string): Promise<Me> {
  const who = await api.session.login(account, password)
  if (!who.actions.includes('field.use')) {
    await api.session.logout().catch(() => undefined)
    throw 'role' as const
  }
  if (me.value?.id !== who.id) {
    await store.value?.lock()
    open.value = false
    localStorage.removeItem(OLD_PIN)
  }
  remember(who)
  clearedBy.value = ''
  sync.trouble = null
  touch()
  await lookForKey()
  if (hasKey.value && !open.value) locked.value = true
  await readPackage()
  return who
}

function remember(who: Owner): void {
  localStorage.setItem(ME, JSON.stringify(who))
  me.value = who
}

/**
 * Somebody else of this phone, or oneself after logging out, without a network: what is theirs is opened by their PIN. The session with the server
 * stays whose it was; until they log in they send nothing. False when nothing of theirs is here any more.
 */
export async function switchTo(who: Known): Promise<boolean> {
  await store.value?.lock()
  open.value = false
  pack.value = null
  recovered.value = null
  clearedBy.value = ''
  Object.assign(sync, { trouble: null, detail: '', syncedAt: null, queued: 0, media: 0, earlier: 0 })
  localStorage.removeItem(OLD_PIN)
  remember({ id: who.id, name: who.name, account: who.account })
  await lookForKey()
  locked.value = hasKey.value
  if (!hasKey.value) {
    dropAccount(who.id)
    localStorage.removeItem(ME)
    me.value = null
  }
  return hasKey.value
}

/** A PIN is set for who is logged in: that must be who has the phone in their hand. */
async function mySession(): Promise<void> {
  const { id } = await api.session.me()
  if (id !== me.value?.id) throw 'other' as const
}

/** Leaves the phone's data where it is, sealed: the PIN of the account opens it again, also without a network. */
export async function logout(): Promise<void> {
  await api.session.logout().catch(() => undefined)
  open.value = false
  pack.value = null
  await store.value?.lock()
  localStorage.removeItem(ME)
  localStorage.removeItem(OLD_PIN)
  me.value = null
  hasKey.value = false
}

/**
 * The first time on this phone: makes its data key under the PIN. With `known` the person says that they have this PIN already: it is
 * compared with the server's hash where the server gives one. Throws ApiError, 'wrong', or 'other' when somebody else is logged in.
 */
export async function firstPin(pin: string, known: boolean): Promise<void> {
  const s = store.value
  const who = me.value
  if (!s || !who) return
  const hash = known ? await serverPin(who.id) : null
  if (hash && !(await checkPin(pin, hash))) throw 'wrong' as const
  await mySession()
  if (!hash) await api.session.pin(pin)
  await create(s, who.id, pin, await officeKey())
  remember({ ...who, pin_set: true })
  await opened()
}

async function serverPin(id: string): Promise<PinHash | null> {
  const { head } = await field.pull({ head: true, assignments: [] })
  return head?.team?.members.find((m) => m.id === id)?.pin ?? null
}

/** The county's key, to which the data key is wrapped as well. Without it now, a later unlock makes up for it. */
const officeKey = (): Promise<OfficeKey | null> => field.officeKey().catch(() => null)

/** Another PIN for this phone and for confirming on the partner's. Throws ApiError, 'wrong', or 'other' when somebody else is logged in. */
export async function setPin(old: string, pin: string): Promise<void> {
  const s = db.value
  if (!s || !(await isPin(s, old))) throw 'wrong' as const
  await mySession()
  await api.session.pin(pin)
  await changePin(s, old, pin)
  touch()
}

/** Asks the office for the data key, against the password. Throws ApiError, or 'office' when this phone never had the county's key. */
export async function recover(password: string): Promise<void> {
  const vault = await store.value?.vault()
  if (!vault) return
  if (!vault.envelope) throw 'office' as const
  recovered.value = fromBase64(await field.recover(vault.id, password, vault.envelope))
}

/** A new PIN after `recover`; what is on the phone is as it was. */
export async function newPin(pin: string): Promise<void> {
  const s = store.value
  const key = recovered.value
  if (!s || !key) return
  await api.session.pin(pin)
  await resetPin(s, key, pin)
  recovered.value = null
  await opened()
}
