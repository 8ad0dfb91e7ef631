import { computed, nextTick, ref, watch, type Ref } from 'vue'
import type { Filling } from './filling'
import { plain } from './pages'

/** The ways through an open form: page by page, which points out once what is open on a page, and to a question wherever it stands. */
export function useTurning(filling: Ref<Filling | null>, paper: Ref<boolean>) {
  /** The page whose open questions have been pointed out once: "next" then skips them. */
  const pointedOut = ref('')
  const page = computed(() => filling.value?.here ?? null)
  const openHere = computed(() => (page.value ? (filling.value?.open(page.value.refs) ?? []) : []))
  const skipping = computed(() => pointedOut.value === filling.value?.current && openHere.value.length > 0)
  watch(
    () => filling.value?.current,
    () => (pointedOut.value = ''),
  )

  function move(step: 1 | -1): void {
    const f = filling.value
    if (!f) return
    if (step > 0 && openHere.value.length > 0 && !skipping.value) {
      for (const r of openHere.value) f.shown.add(r)
      pointedOut.value = f.current
      void show(openHere.value[0] ?? '')
      return
    }
    const to = f.order[f.index + step]
    if (to) f.go(to)
  }

  /** Goes to a question, whatever page it is on. */
  async function jump(to: string): Promise<void> {
    const key = filling.value?.pageOf(to)
    if (!key) return
    filling.value?.go(key)
    await nextTick()
    await show(to)
  }

  async function show(to: string): Promise<void> {
    if (filling.value) filling.value.wanted = to
    await nextTick()
    const el =
      document.querySelector<HTMLElement>(`[data-path="${CSS.escape(to)}"]`) ??
      document.querySelector<HTMLElement>(`[data-ref="${CSS.escape(plain(to))}"]`)
    el?.scrollIntoView({ block: 'start' })
    const line = paper.value ? el?.querySelector<HTMLElement>('[data-key]') : null
    ;(line ?? el)?.focus({ preventScroll: true })
  }

  return { page, openHere, skipping, move, jump }
}
