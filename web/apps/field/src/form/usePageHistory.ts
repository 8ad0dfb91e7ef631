import { watch, type Ref } from 'vue'
import { onBeforeRouteUpdate, useRoute, useRouter, type RouteLocationRaw } from 'vue-router'
import type { Filling } from './filling'

/** What an entry of the browser's history knows of the form: the number of the form's first entry, and what lies under it. */
interface Trail {
  first: number
  under: string | null
}
interface Entry {
  position: number
  back: string | null
  form?: Trail
}
const entry = (): Entry => history.state as Entry

/**
 * The pages of a form as entries of the browser's history, so that Android's back key turns the page back and leaves the form from its
 * first page only. Call it in the set-up of a form. `turned` is told when that key was pressed.
 */
export function usePageHistory(filling: Ref<Filling | null>, turned: () => void) {
  const router = useRouter()
  const route = useRoute()
  const start = entry()
  const trail: Trail = start.form ?? { first: start.position, under: start.back }
  /** The page that the present entry shows or is about to show. */
  let at = ''
  let leaving = false

  const place = (page: string) => ({
    path: route.path,
    query: { ...route.query, page },
    state: { form: { ...trail } },
  })
  /** The form is open: the entry gets the page that is shown. */
  function begin(): void {
    at = filling.value?.current ?? ''
    if (at) void router.replace(place(at))
  }

  watch(
    () => filling.value?.current,
    (page) => {
      const f = filling.value
      if (!f || !page || page === at || leaving) return
      const oneBack = f.order.indexOf(page) === f.order.indexOf(at) - 1
      at = page
      const to = place(page)
      // The page before is gone back to, not added once more.
      if (entry().position > trail.first && entry().back === router.resolve(to).fullPath) router.back()
      else void (oneBack ? router.replace(to) : router.push(to))
    },
  )
  onBeforeRouteUpdate((to) => {
    const page = String(to.query.page ?? '')
    const f = filling.value
    if (leaving || !f || page === at) return
    turned()
    at = page
    if (f.order.includes(page)) f.go(page)
    else router.back() // it is not asked any more
  })

  /** Resolves when a step in the history was made, or refused. */
  const stepped = (): Promise<boolean> =>
    new Promise((done) => {
      const off = router.afterEach((_to, _from, failure) => {
        off()
        done(!failure)
      })
    })
  async function out(to: RouteLocationRaw): Promise<boolean> {
    const deep = entry().position - trail.first
    if (trail.under === router.resolve(to).fullPath) {
      router.go(-deep - 1)
      return stepped()
    }
    if (deep > 0) {
      router.go(-deep)
      await stepped()
    }
    return !(await router.replace(to))
  }
  /** Leaves the form with all its pages: what comes next stands where the form stood, or lay under it. */
  async function leave(to: RouteLocationRaw): Promise<void> {
    leaving = true
    if (await out(to)) return
    leaving = false
    begin()
  }

  return { begin, leave }
}
