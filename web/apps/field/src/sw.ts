/// <reference lib="webworker" />
// The service worker: keeps the whole app (with the form engine) on the phone and answers from there, so that it opens without a
// network. It never touches /api/: data is the app's own business.
export {}
declare const self: ServiceWorkerGlobalScope

// The build puts the list and the version here, see build/worker.ts.
const FILES = '__RUHU_FILES__' as unknown as string[]
const VERSION = '__RUHU_VERSION__' as string
const PREFIX = 'ruhu-field-'
const CACHE = PREFIX + VERSION
/** The page for browsers that need an older content policy, see device/support. */
const COMPAT = '/field/compat/'

self.addEventListener('install', (event) => event.waitUntil(install()))

async function install(): Promise<void> {
  const cache = await caches.open(CACHE)
  await Promise.all(
    FILES.map(async (url) => {
      // Names under assets/ change with the content: what an older version has need not be fetched again.
      const have = url.includes('/assets/') ? await caches.match(url) : undefined
      if (have) return cache.put(url, have)
      const got = await fetch(new Request(url, { cache: 'reload' }))
      if (!got.ok) throw new Error(`${url}: ${got.status}`)
      return cache.put(url, got)
    }),
  )
}

self.addEventListener('activate', (event) => event.waitUntil(activate()))

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
  await self.clients.claim()
}

// A new version waits until the person agrees, which they are asked only outside of a form.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin || !url.pathname.startsWith('/field/')) return
  const page = url.pathname.startsWith(COMPAT) ? COMPAT : '/field/'
  event.respondWith(answer(request, request.mode === 'navigate' ? page : url.pathname))
})

async function answer(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(CACHE)
  return (await cache.match(path)) ?? fetch(request)
}
