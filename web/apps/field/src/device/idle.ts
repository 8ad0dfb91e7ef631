import { nextTick, ref } from 'vue'

/** After this long without a touch the screen locks. */
export const IDLE = 5 * 60 * 1000

const KEY = 'ruhu.field.touched'

export const locked = ref(false)

/** Locked with work behind it that could not be written: it stays in memory, and so does the key, until there is room. */
export const holding = ref(false)

/** True when a person touched the app less than IDLE ago. */
export function recentlyTouched(now = Date.now()): boolean {
  const last = Number(localStorage.getItem(KEY) ?? 0)
  return last <= now && now - last < IDLE
}

export function touch(now = Date.now()): void {
  localStorage.setItem(KEY, String(now))
}

type Saver = () => Promise<boolean>
const savers = new Set<Saver>()

/** Has work written before the key goes; false when it could not be. Gives the function that takes the saver back. */
export function beforeLock(save: Saver): () => void {
  savers.add(save)
  return () => void savers.delete(save)
}

/** Something is open that has to be written before the key goes. */
export const workOpen = (): boolean => savers.size > 0

let forget: () => Promise<void> = async () => undefined

/** What forgets the key and everything that was opened with it. */
export const onLock = (f: () => Promise<void>): void => void (forget = f)

/** Writes what is open, takes it off the screen, and forgets the key. */
export async function lock(): Promise<void> {
  if (locked.value) return
  localStorage.removeItem(KEY)
  const saved = await Promise.all([...savers].map((save) => save().catch(() => false)))
  holding.value = saved.includes(false)
  locked.value = true
  await nextTick()
  if (!holding.value) await forget()
}

export function unlocked(): void {
  touch()
  holding.value = false
  locked.value = false
}

/** Watches for touches and locks when there are none. `mayLock` is false while nobody is logged in. */
export function watchIdle(mayLock: () => boolean): void {
  let noted = 0
  const seen = () => {
    const now = Date.now()
    if (locked.value || now - noted < 5_000) return
    noted = now
    if (mayLock() && !recentlyTouched(now)) void lock()
    else touch(now)
  }
  for (const e of ['pointerdown', 'keydown', 'touchstart', 'input'])
    addEventListener(e, seen, { passive: true, capture: true })
  const look = () => {
    if (mayLock() && !locked.value && !recentlyTouched()) void lock()
  }
  setInterval(look, 15_000)
  document.addEventListener('visibilitychange', look)
}
