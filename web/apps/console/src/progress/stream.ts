// Follows the server's event stream. A burst of events costs one reading per second, the last one never lost.
// A tab that nobody looks at lets go of its connection: browsers allow few per host, and many tabs would starve the rest.
const pause = 1000
const again = 10_000

export function follow(url: string, changed: () => Promise<void> | void, live: (on: boolean) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let source: EventSource | undefined
  let missed = false
  let opened = false
  function soon() {
    if (timer !== undefined) {
      missed = true
      return
    }
    void changed()
    timer = setTimeout(() => {
      timer = undefined
      if (missed) {
        missed = false
        soon()
      }
    }, pause)
  }
  function close() {
    clearTimeout(retry)
    source?.close()
    source = undefined
    live(false)
  }
  function open() {
    close()
    const mine = new EventSource(url)
    source = mine
    mine.addEventListener('open', () => {
      live(true)
      // What happened while there was no connection is read now.
      if (opened) soon()
      opened = true
    })
    mine.addEventListener('progress', soon)
    mine.addEventListener('error', () => {
      live(false)
      // The browser connects again by itself, except after a refusal (a server that restarts, a session that ended).
      if (mine.readyState === EventSource.CLOSED) retry = setTimeout(open, again)
    })
  }
  const seen = () => (document.hidden ? close() : open())
  document.addEventListener('visibilitychange', seen)
  if (!document.hidden) open()
  return () => {
    document.removeEventListener('visibilitychange', seen)
    clearTimeout(timer)
    close()
  }
}
