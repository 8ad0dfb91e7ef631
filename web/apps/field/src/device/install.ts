import { ref } from 'vue'

// Chrome's event; in no standard yet.
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>
}

let offer: InstallPrompt | null = null

/** The browser offers to put the app on the home screen. */
export const installable = ref(false)

export function watchInstall(): void {
  addEventListener('beforeinstallprompt', (e) => {
    e.preventDefault()
    offer = e as InstallPrompt
    installable.value = true
  })
  addEventListener('appinstalled', () => (installable.value = false))
}

export async function install(): Promise<void> {
  await offer?.prompt()
  installable.value = false
}
