/** What the service worker keeps of a version of the app: a cache with all its files. */
export interface Version {
  name: string
  files: string[]
}

export const PREFIX = 'ruhu-field-'

/** Names under assets/ change with the content. */
const lasting = (url: string): boolean => url.includes('/assets/')

/** Fetches a version whole, or rejects; what has come stays for the next time. */
export async function fetchAll({ name, files }: Version): Promise<void> {
  const cache = await caches.open(name)
  await Promise.all(
    files.map(async (url) => {
      const have = lasting(url) ? await caches.match(url) : undefined // also from an older version
      if (have) return cache.put(url, have)
      // What the page has just fetched comes from the browser's own cache; only names that stay the same are asked for again.
      const got = await fetch(new Request(url, { cache: lasting(url) ? 'default' : 'no-cache' }))
      if (!got.ok) throw new Error(`${url}: ${got.status}`)
      return cache.put(url, got)
    }),
  )
}

/** A file of this version, or a part that a window of an older one still asks for. */
export async function find({ name }: Version, path: string): Promise<Response | undefined> {
  const cache = await caches.open(name)
  return (await cache.match(path)) ?? (lasting(path) ? await caches.match(path) : undefined)
}

/** Drops what older versions have kept, unless a window still runs one of them: it may yet ask for a part that it has not loaded. */
export async function tidy({ name, files }: Version, windows: readonly Client[]): Promise<void> {
  const names = (await caches.keys()).filter((x) => x.startsWith(PREFIX)) // in the order in which they were made
  const old = names.slice(0, Math.max(0, names.indexOf(name)))
  if (old.length === 0) return
  const scripts = await Promise.all(windows.map(scriptOf))
  if (scripts.every((s) => files.includes(s))) await Promise.all(old.map((x) => caches.delete(x)))
}

/** The script that a window runs; '' when it does not say: it is asleep, or older than this question. */
function scriptOf(w: Client): Promise<string> {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel()
    const say = (script: string): void => {
      port1.close()
      done(script)
    }
    port1.onmessage = (e) => say(String(e.data))
    setTimeout(() => say(''), 3000)
    w.postMessage('which', [port2])
  })
}
