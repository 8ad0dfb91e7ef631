export type Lack = 'secure' | 'wasm' | 'store' | 'worker'

/** The same app under a content policy that lets Chrome 85 to 96 run the engine: they do not know 'wasm-unsafe-eval'. */
export const COMPAT = '/field/compat/'

/** Whether the page's content policy lets this browser compile WebAssembly at all. */
export function mayCompile(): boolean {
  try {
    // The shortest module: magic and version.
    return new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)) instanceof WebAssembly.Module
  } catch {
    return false
  }
}

/** Where the app has to go to be able to run; null when it is fine here, or nowhere better. */
export function elsewhere(here: Pick<Location, 'pathname' | 'hash'>, allowed = mayCompile()): string | null {
  return allowed || here.pathname.startsWith(COMPAT) ? null : COMPAT + here.hash
}

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
