// The places a filter or a form may name: those below the person's own region, read once per region.
import { computed, shallowRef, watch, type Ref } from 'vue'
import { api, type Region } from '@ruhu/api'

const cache = new Map<string, Promise<Region[]>>()

export function regionsUnder(code: string): Promise<Region[]> {
  let list = cache.get(code)
  if (!list) {
    list = api.regions.list(code).then((r) => r.items)
    cache.set(code, list)
    list.catch(() => cache.delete(code))
  }
  return list
}

export function useRegions(under: Ref<string | undefined>, level: 'township' | 'village') {
  const regions = shallowRef<Region[]>([])
  watch(
    under,
    async (code) => {
      // A filter without names is a nuisance, not a reason to fail the screen.
      if (code) regions.value = await regionsUnder(code).catch(() => [])
    },
    { immediate: true },
  )
  return computed(() => regions.value.filter((r) => r.level === level).map((r) => ({ value: r.code, label: r.name })))
}

export const useVillages = (under: Ref<string | undefined>) => useRegions(under, 'village')
