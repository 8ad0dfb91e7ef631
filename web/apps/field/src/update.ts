import { ref } from 'vue'

const WORKER = '/field/sw.js'
const SCOPE = '/field/'
const HOUR = 60 * 60 * 1000

/** A new version is on the phone and waits to be taken. Shown only where no form is open. */
export const updateWaiting = ref(false)

/** The app with its engine is on the phone, so that it opens without a network. null where no browser could do that, and before it is known. */
export const installed = ref<boolean | null>(null)

/** A part of this version could not be loaded: the page must be opened anew. */
export const broken = ref(false)

const workers =
  'serviceWorker' in navigator && !import.meta.env.DEV ? (navigator.serviceWorker as ServiceWorkerContainer) : null
let registration: ServiceWorkerRegistration | null = null
let watched = false
/** Another version has taken over, here or in another window, and this page is still the old one. */
let outdated = false

/**
 * Has the browser put the app on the phone. Called at the start and after each sync: where the network broke off before the app was whole, the
 * browser has forgotten it, and this begins again with what has come.
 */
export async function installApp(): Promise<void> {
  if (!workers || installed.value) return
  if (!watched) watch(workers)
  try {
    const r = await workers.register(WORKER, { scope: SCOPE })
    if (r !== registration) {
      registration = r
      r.addEventListener('updatefound', () => r.installing?.addEventListener('statechange', () => look(r)))
      r.installing?.addEventListener('statechange', () => look(r))
    }
    look(r)
  } catch (e) {
    installed.value = false
    console.warn('service worker', e)
  }
}

function look(r: ServiceWorkerRegistration): void {
  installed.value = (r.active ?? r.waiting) !== null
  updateWaiting.value = r.waiting !== null && r.active !== null
}

function watch(w: ServiceWorkerContainer): void {
  watched = true
  let had = w.controller !== null
  w.addEventListener('controllerchange', () => {
    // The first worker of all takes the page without more ado.
    outdated ||= had
    had = true
    reopen()
  })
  w.addEventListener('message', (e: MessageEvent) => {
    if (e.data === 'which') e.ports[0]?.postMessage(new URL(import.meta.url).pathname)
  })
  w.startMessages()
  w.controller?.postMessage('tidy')
  setInterval(() => void registration?.update().catch(() => undefined), HOUR)
}

export const takeUpdate = (): void => registration?.waiting?.postMessage('take-over')

let idle = (): boolean => true

/** When a page may be opened anew without anything being lost. */
export const reopenWhen = (f: () => boolean): void => void (idle = f)

/** Opens the page anew if its version has been replaced and nobody is in the middle of something. */
export function reopen(): void {
  if (outdated && idle()) location.reload()
}
