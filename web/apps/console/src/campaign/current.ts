// The campaigns this person can see, and which one the screens are about (it is part of the address).
import { computed, shallowRef, type ComputedRef } from 'vue'
import { useRoute } from 'vue-router'
import { api, type Campaign } from '@ruhu/api'

export const campaigns = shallowRef<Campaign[] | null>(null)
const key = 'ruhu.campaign'

export async function loadCampaigns(): Promise<Campaign[]> {
  campaigns.value = (await api.campaigns.list()).items
  return campaigns.value
}

/** Puts a changed campaign in its place in the list. */
export function keepCampaign(c: Campaign): void {
  const list = campaigns.value ?? []
  campaigns.value = list.some((x) => x.id === c.id) ? list.map((x) => (x.id === c.id ? c : x)) : [...list, c]
}

export function remember(id: string): void {
  try {
    localStorage.setItem(key, id)
  } catch {
    // Then the first running campaign is opened next time.
  }
}

/** Where to begin: the campaign used last on this device, else a running one, else any. */
export function first(list: Campaign[]): Campaign | undefined {
  let last: string | null = null
  try {
    last = localStorage.getItem(key)
  } catch {
    last = null
  }
  return list.find((c) => c.id === last) ?? list.find((c) => c.state === 'running') ?? list[0]
}

/** The id in the address. Only for screens below /c/:campaign. */
export function useCampaignId(): ComputedRef<string> {
  const route = useRoute()
  return computed(() => String(route.params.campaign ?? ''))
}

export function useCampaign(): ComputedRef<Campaign | undefined> {
  const id = useCampaignId()
  return computed(() => campaigns.value?.find((c) => c.id === id.value))
}
