// Titles of quotas, strata, groups and types in the person's language.
import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useText } from '@ruhu/ui'
import type { SampleDesign } from '@ruhu/api'

export function useNames(design: Ref<SampleDesign | undefined>) {
  const text = useText()
  const { t } = useI18n()
  const names = computed(() => {
    const m = new Map<string, string>()
    const d = design.value
    if (!d) return m
    for (const x of [...d.groups, ...d.types, ...d.quotas, ...d.certainty]) m.set(x.code, text(x.title))
    for (const q of d.quotas) {
      if (!q.priority) continue
      m.set(`${q.code}_priority`, `${text(q.title)}·${text(q.priority)}`)
      m.set(`${q.code}_other`, `${text(q.title)}·${t('sampling.others')}`)
    }
    return m
  })
  return (code: string) => names.value.get(code) ?? code
}

/** A share for people: 2.1 %. */
export const percent = (x: number, digits = 1) => `${(100 * x).toFixed(digits)}%`
/** A number with at most two decimals. */
export const short = (x: number) => String(Math.round(x * 100) / 100)
