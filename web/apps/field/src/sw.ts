/// <reference lib="webworker" />
// The service worker: keeps the whole app (with the form engine) on the phone and answers from there, so that it opens without a
// network. It never touches /api/: data is the app's own business.
import { fetchAll, find, PREFIX, tidy, type Version } from './keep'
declare const self: ServiceWorkerGlobalScope

// The build puts the list and the version here, see build/worker.ts.
const FILES = '__RUHU_FILES__' as unknown as string[]
const VERSION = '__RUHU_VERSION__' as string
const APP: Version = { name: PREFIX + VERSION, files: FILES }
/** The page for browsers that need an older content policy, see device/support. */
const COMPAT = '/field/compat/'

self.addEventListener('install', (event) => event.waitUntil(fetchAll(APP)))
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', (event) => {
  // A new version waits until the person agrees, which they are asked only outside of a form.
  if (event.data === 'take-over') void self.skipWaiting()
  if (event.data === 'tidy') event.waitUntil(windows().then((all) => tidy(APP, all)))
})

async function windows(): Promise<Client[]> {
  const all = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  return all.filter((w) => new URL(w.url).pathname.startsWith('/field/')) // the console has nothing of ours
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin || !url.pathname.startsWith('/field/')) return
  const page = url.pathname.startsWith(COMPAT) ? COMPAT : '/field/'
  event.respondWith(answer(request, request.mode === 'navigate' ? page : url.pathname))
})

const answer = async (request: Request, path: string): Promise<Response> => (await find(APP, path)) ?? fetch(request)
