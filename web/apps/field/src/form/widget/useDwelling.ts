import type { Whereabouts } from '@ruhu/api'
import { computed, shallowRef, watch } from 'vue'
import { db, pack } from '../../session/session'
import type { EarlierList } from '../../store/rows'

/** Where a household lives: as the base list says, else as an earlier round measured it, which `was` then names. */
export function useDwelling(assignment: string) {
  const was = shallowRef<Whereabouts | null>(null)
  watch(
    db,
    async () => {
      const list = await db.value?.setting<EarlierList>('earlier').catch(() => null) // locked meanwhile
      was.value = list?.items.find((s) => s.assignment === assignment)?.position ?? null
    },
    { immediate: true },
  )
  return computed(() => {
    const listed = pack.value?.assignments.find((a) => a.id === assignment)?.household.position
    if (listed) return { ...listed, accuracy: 0, was: null }
    return was.value ? { ...was.value, was: was.value } : null
  })
}
