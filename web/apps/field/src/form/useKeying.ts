import { nextTick, type Ref } from 'vue'
import { firstStop, stopAfter } from './keying'

/** The keyboard of somebody who keys a form from paper: Enter and the arrows go from line to line, and on to the next page at its end. */
export function useKeying(on: Ref<boolean>, body: Ref<HTMLElement | null>, move: (step: 1 | -1) => void) {
  /** Keying begins at the first line of a page. */
  function begin(): void {
    if (on.value && body.value) firstStop(body.value)?.focus({ preventScroll: true })
  }

  async function key(e: KeyboardEvent): Promise<void> {
    const el = e.target as HTMLElement
    if (!on.value || e.isComposing || e.ctrlKey || e.altKey || e.metaKey) return
    if (e.key === 'PageDown' || e.key === 'PageUp') {
      e.preventDefault()
      move(e.key === 'PageDown' ? 1 : -1)
      return
    }
    const step = e.key === 'ArrowUp' || (e.key === 'Enter' && e.shiftKey) ? -1 : 1
    // On a page with nothing to key, the page itself has the focus.
    const here = el === body.value || el.matches('[data-key], [data-test="question"]')
    if (!here || !['Enter', 'ArrowDown', 'ArrowUp'].includes(e.key)) return
    e.preventDefault()
    const row = el.closest<HTMLElement>('[data-test="question"]') ?? el
    if (el instanceof HTMLButtonElement && e.key === 'Enter') el.click()
    else el.blur()
    // What the answer opens or closes is on the screen before the next line is looked for.
    await nextTick()
    if (!body.value) return
    const to = stopAfter(body.value, el.isConnected ? el : row, step)
    if (!to) move(step)
    else to.focus({ preventScroll: true })
    to?.scrollIntoView({ block: 'nearest' })
  }

  return { begin, key }
}
