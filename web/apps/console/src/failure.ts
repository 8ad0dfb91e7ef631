// When a screen cannot even be opened: the server is away, or it was updated and the old screens' files are gone.
import { shallowRef } from 'vue'
import type { Router } from 'vue-router'

export const failure = shallowRef<unknown>()
const key = 'ruhu.reloaded'
const gone = /dynamically imported module|Importing a module script failed|Unable to preload/

/** Loads the page anew once a minute at most when its files are gone; shows everything else. */
export function watchFailures(router: Router, reload: (path: string) => void, now: () => number = Date.now): void {
  router.onError((error: unknown, to) => {
    if (error instanceof Error && gone.test(error.message) && stale(now())) reload(to.fullPath)
    else failure.value = error
  })
  router.afterEach(() => (failure.value = undefined))
}

function stale(time: number): boolean {
  try {
    if (time - Number(sessionStorage.getItem(key) ?? 0) < 60_000) return false
    sessionStorage.setItem(key, String(time))
    return true
  } catch {
    return false // without a memory it could go round for ever
  }
}
