// Filters live in the address: a list can be linked to, and the back button finds it as it was left.
import { computed, onScopeDispose, ref, watch, type Ref, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export function queryRef(name: string, none = ''): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  const home = route.name
  // While another screen takes over, this one keeps its last value and does not ask the server again.
  let last = none
  return computed({
    get() {
      if (route.name === home) last = typeof route.query[name] === 'string' ? String(route.query[name]) : none
      return last
    },
    set(value) {
      const query = { ...route.query }
      if (value === none) Reflect.deleteProperty(query, name)
      else query[name] = value
      void router.replace({ query })
    },
  })
}

/** What is being typed; it reaches the target when the typing rests. */
export function useSettled(target: Ref<string>, rest = 300): Ref<string> {
  const typed = ref(target.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(typed, (value) => {
    clearTimeout(timer)
    timer = setTimeout(() => (target.value = value.trim()), rest)
  })
  watch(target, (value) => {
    if (value !== typed.value.trim()) typed.value = value
  })
  onScopeDispose(() => clearTimeout(timer))
  return typed
}
