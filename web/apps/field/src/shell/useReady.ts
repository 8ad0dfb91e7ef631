import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import { db, pack } from '../session/session'
import { missing, type Part } from '../sync/ready'
import { sync } from '../sync/sync'
import { installed } from '../update'

/** Whether one may go where there is no network, and what is still to be downloaded before that. */
export function useReady(): { lacking: ComputedRef<Part[]>; ready: ComputedRef<boolean> } {
  const found = shallowRef<Part[] | null>(null)
  watch(
    [() => sync.round, db, pack, installed],
    async () => (found.value = db.value && (await missing(db.value, installed.value))),
    { immediate: true },
  )
  return {
    lacking: computed(() => found.value ?? []),
    ready: computed(() => found.value?.length === 0 && installed.value === true),
  }
}
