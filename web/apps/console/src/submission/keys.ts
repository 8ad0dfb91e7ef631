import { onMounted, onUnmounted } from 'vue'

/** Single keys for a whole screen, silent while somebody types or a dialog is open. */
export function useKeys(keys: Record<string, () => void>): void {
  function press(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const target = event.target as Element | null
    if (target?.closest('input,textarea,select,[contenteditable],[role="dialog"]')) return
    // Enter on a link or button means that link or button.
    if (event.key === 'Enter' && target?.closest('a,button')) return
    const action = keys[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }
  onMounted(() => document.addEventListener('keydown', press))
  onUnmounted(() => document.removeEventListener('keydown', press))
}
