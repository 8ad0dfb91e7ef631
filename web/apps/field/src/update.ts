import { ref } from 'vue'

/** A new version is on the phone and waits to be taken. Shown only where no form is open. */
export const updateWaiting = ref(false)

let waiting: ServiceWorker | null = null

export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  // The first worker of all takes the page without being asked; a later one only after takeUpdate.
  let asked = false
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload()
  })
  takeOver = () => {
    asked = true
    waiting?.postMessage('take-over')
  }
  try {
    const registration = await navigator.serviceWorker.register('/field/sw.js', { scope: '/field/' })
    const look = () => {
      if (registration.waiting && navigator.serviceWorker.controller) {
        waiting = registration.waiting
        updateWaiting.value = true
      }
    }
    look()
    registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look))
    setInterval(() => void registration.update().catch(() => undefined), 60 * 60 * 1000)
  } catch (e) {
    console.warn('service worker', e)
  }
}

let takeOver: () => void = () => undefined

export const takeUpdate = (): void => takeOver()
