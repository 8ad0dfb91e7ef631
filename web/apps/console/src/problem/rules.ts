// What the playbook says about the ledger: asked for once per campaign.
import { computed, type Ref } from 'vue'
import { api, type LedgerRules } from '@ruhu/api'
import { useLoad, useText } from '@ruhu/ui'

/** Where problems come from besides forms and visits. */
export const byHand = ['petition', 'national', 'provincial', 'own', 'spot']

export function useRules(campaign: Ref<string>) {
  const text = useText()
  const load = useLoad(() => api.problems.rules(campaign.value))
  const rules = computed<LedgerRules | undefined>(() => load.data.value ?? undefined)
  const natures = computed(() => (rules.value?.natures ?? []).map((n) => ({ value: n.code, label: text(n.title) })))
  const nature = (code: string) => natures.value.find((n) => n.value === code)?.label ?? code
  return { load, rules, natures, nature }
}
