// Follows the server's event stream. A burst of events costs one reading per second, the last one never lost.
const pause = 1000

export function follow(url: string, changed: () => Promise<void> | void, live: (on: boolean) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let again = false
  function soon() {
    if (timer !== undefined) {
      again = true
      return
    }
    void changed()
    timer = setTimeout(() => {
      timer = undefined
      if (again) {
        again = false
        soon()
      }
    }, pause)
  }
  // The browser connects again by itself after an interruption; what happened meanwhile is read then.
  const source = new EventSource(url)
  let opened = false
  source.addEventListener('open', () => {
    live(true)
    if (opened) soon()
    opened = true
  })
  source.addEventListener('progress', soon)
  source.addEventListener('error', () => live(false))
  return () => {
    if (timer !== undefined) clearTimeout(timer)
    source.close()
    live(false)
  }
}
