export type Lack = 'secure' | 'wasm' | 'store' | 'worker'

/**
 * What this browser lacks for work without a network. `worker` alone only means that the page can't be reopened
 * offline; the others stop the app.
 */
export function lacks(w: Window & typeof globalThis = window): Lack[] {
  const out: Lack[] = []
  if (!w.isSecureContext || !w.crypto?.subtle) out.push('secure')
  if (typeof w.WebAssembly !== 'object') out.push('wasm')
  if (!w.indexedDB) out.push('store')
  if (!('serviceWorker' in w.navigator)) out.push('worker')
  return out
}

export const fatal = (lack: Lack): boolean => lack !== 'worker'
