import { onBeforeUnmount, ref } from 'vue'
import { useForm } from './context'

/**
 * A text that is typed beside an answer: with the draft from the first key on, so that a lock or a killed page costs nothing of it. `kept` is what
 * the form has of it. `keep` makes it part of the form when its box is left; without it the text stays beside the form until it is sent.
 */
export function useJot(name: string, kept: () => string, keep?: (text: string) => void) {
  const { filling } = useForm()
  const noted = filling.jots[name]
  const text = ref(noted ?? kept())
  /** It was left unfinished: its box is open. */
  const unfinished = noted !== undefined
  /** Typed since the box was last left. */
  let fresh = false

  function typed(): void {
    fresh = true
    filling.jot(name, text.value)
  }
  /** It is part of the form now, or sent, or nobody wants it. */
  function done(): void {
    fresh = false
    filling.jot(name, '')
  }
  function left(): void {
    if (!fresh || !keep) return
    keep(text.value.trim())
    if (kept() === text.value.trim()) done()
  }
  onBeforeUnmount(left)
  return { text, unfinished, typed, left, done }
}
