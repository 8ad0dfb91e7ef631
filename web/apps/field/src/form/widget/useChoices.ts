import type { Choice } from '@ruhu/engine'
import { computed, ref } from 'vue'
import { columnsOf, layoutOf, matching } from '../kinds'
import type { WidgetProps } from './props'

/** How many hits of a search are shown; more are asked for by typing on. */
const SHOWN = 30

/** The choices of a question as its appearance lays them out, those that were chosen always among them. */
export function useChoices(props: WidgetProps, chosen: () => string[]) {
  const typed = ref('')
  const all = computed<Choice[]>(() => props.node.choices ?? [])
  const layout = computed(() => layoutOf(props.control, all.value.length))
  const columns = computed(() => (layout.value === 'columns' ? columnsOf(props.control) : 1))
  const hits = computed(() => (layout.value === 'search' ? matching(all.value, typed.value) : all.value))
  const shown = computed(() => {
    if (layout.value !== 'search') return all.value
    const first = hits.value.slice(0, SHOWN)
    const kept = all.value.filter((c) => chosen().includes(c.value) && !first.includes(c))
    return [...kept, ...first]
  })
  const more = computed(() => Math.max(0, hits.value.length - SHOWN))
  return { typed, layout, columns, shown, more, found: computed(() => hits.value.length) }
}
