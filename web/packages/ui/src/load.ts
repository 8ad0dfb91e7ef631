import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue'

export interface Load<T> {
  data: ShallowRef<T | undefined>
  error: ShallowRef<unknown>
  busy: Ref<boolean>
  reload: () => Promise<void>
}

/** Loads at once and again whenever a source changes. An answer that was overtaken by a newer question is dropped. */
export function useLoad<T>(load: () => Promise<T>, sources: WatchSource[] = []): Load<T> {
  const data = shallowRef<T>()
  const error = shallowRef<unknown>()
  const busy = ref(false)
  let turn = 0
  async function reload() {
    const mine = ++turn
    busy.value = true
    try {
      const answer = await load()
      if (mine !== turn) return
      data.value = answer
      error.value = undefined
    } catch (e) {
      if (mine === turn) error.value = e
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  if (sources.length > 0) watch(sources, reload)
  void reload()
  onScopeDispose(() => turn++)
  return { data, error, busy, reload }
}

export interface List<T> {
  items: ShallowRef<T[]>
  next: Ref<string>
  error: ShallowRef<unknown>
  busy: Ref<boolean>
  loaded: Ref<boolean>
  reload: () => Promise<void>
  more: () => Promise<void>
}

/** A list that grows by its cursor and starts anew whenever a source changes. `seen` gets every page. */
export function useList<P extends { items: unknown[]; next: string }>(
  load: (cursor: string) => Promise<P>,
  sources: WatchSource[] = [],
  seen: (page: P) => void = () => undefined,
): List<P['items'][number]> {
  const items = shallowRef<P['items'][number][]>([])
  const next = ref('')
  const error = shallowRef<unknown>()
  const busy = ref(false)
  const loaded = ref(false)
  let turn = 0
  async function fetchFrom(cursor: string) {
    const mine = ++turn
    busy.value = true
    try {
      const page = await load(cursor)
      if (mine !== turn) return
      items.value = cursor === '' ? page.items : [...items.value, ...page.items]
      next.value = page.next
      error.value = undefined
      loaded.value = true
      seen(page)
    } catch (e) {
      if (mine === turn) error.value = e
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  const reload = () => fetchFrom('')
  if (sources.length > 0) watch(sources, reload)
  void reload()
  onScopeDispose(() => turn++)
  return { items, next, error, busy, loaded, reload, more: () => fetchFrom(next.value) }
}

/** For buttons: runs one action at a time and keeps what went wrong. Answers true when it went well. */
export function useAction() {
  const busy = ref(false)
  const error = shallowRef<unknown>()
  async function run(action: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    error.value = undefined
    try {
      await action()
      return true
    } catch (e) {
      error.value = e
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, error, run }
}
