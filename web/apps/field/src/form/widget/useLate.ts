import { onUnmounted } from 'vue'
import { useForm } from '../context'
import type { WidgetEmits, WidgetProps } from './props'

export type Send = {
  <K extends keyof WidgetEmits>(event: K, ...args: WidgetEmits[K]): void
}

/**
 * For questions whose answers are long in coming: a picture that is made smaller, a position, a stroke. The page may have been turned
 * meanwhile, and nobody hears what a widget says that is gone. `emit` then gives the answer to the form itself; `wait` has the form stay, and
 * the phone unlocked, until the work is done; `finish` ends what is still going on, before the form is left or the page turned.
 */
export function useLate(props: WidgetProps, send: Send, finish: () => Promise<unknown> = () => Promise.resolve()) {
  const { filling } = useForm()
  const path = props.node.ref
  const under = new Set<Promise<unknown>>()
  let gone = false
  const settle = async (): Promise<void> => {
    await finish()
    await Promise.allSettled([...under])
  }
  const takeBack = filling.beforeLeaving(settle)
  onUnmounted(() => {
    gone = true
    void settle().finally(takeBack)
  })

  const emit: Send = (event, ...args) => {
    if (!gone) send(event, ...args)
    else if (event === 'set') filling.set(path, args[0] ?? '')
  }
  function wait<T>(work: Promise<T>): Promise<T> {
    under.add(work)
    const done = (): void => void under.delete(work)
    work.then(done, done)
    return work
  }
  return { emit, wait }
}
