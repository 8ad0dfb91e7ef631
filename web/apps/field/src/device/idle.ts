import { ref } from 'vue'

/** After this long without a touch the screen locks. */
export const IDLE = 5 * 60 * 1000

const KEY = 'ruhu.field.touched'

export const locked = ref(false)

/** True when a person touched the app less than IDLE ago, also in a page that has since been killed. */
export function recentlyTouched(now = Date.now()): boolean {
  const last = Number(localStorage.getItem(KEY) ?? 0)
  return last <= now && now - last < IDLE
}

export function touch(now = Date.now()): void {
  localStorage.setItem(KEY, String(now))
}

export function lock(): void {
  localStorage.removeItem(KEY)
  locked.value = true
}

export function unlock(): void {
  touch()
  locked.value = false
}

/** Watches for touches and locks when there are none. `mayLock` is false while nobody is logged in. */
export function watchIdle(mayLock: () => boolean): void {
  let noted = 0
  const seen = () => {
    const now = Date.now()
    if (locked.value || now - noted < 5_000) return
    noted = now
    if (mayLock() && !recentlyTouched(now)) lock()
    else touch(now)
  }
  for (const e of ['pointerdown', 'keydown', 'touchstart', 'input'])
    addEventListener(e, seen, { passive: true, capture: true })
  const look = () => {
    if (mayLock() && !locked.value && !recentlyTouched()) lock()
  }
  setInterval(look, 15_000)
  document.addEventListener('visibilitychange', look)
}
