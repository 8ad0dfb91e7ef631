export interface StorageState {
  /** The browser promised not to clear our data on its own. */
  kept: boolean
  /** The browser says how much room there is. */
  known: boolean
  /** Bytes. */
  used: number
  free: number
  low: boolean
}

/** Below this a photo or two may still fit, a day's work does not. */
export const LOW = 50 * 1024 * 1024

/** Whether so many bytes can be kept and a day's work still fits; where the browser does not say, the try tells. */
export async function fits(bytes: number): Promise<boolean> {
  const { known, free } = await storageState(false)
  return !known || free - bytes >= LOW
}

/** Asks the browser to keep our data, and how much room there is. Never fails: an answer we can't get is "no". */
export async function storageState(ask = true): Promise<StorageState> {
  const s = (globalThis.navigator as Navigator | undefined)?.storage as StorageManager | undefined
  const kept = await promised(s, ask).catch(() => false)
  try {
    const { quota = 0, usage = 0 } = (await s?.estimate?.()) ?? {}
    const free = Math.max(0, quota - usage)
    return { kept, known: quota > 0, used: usage, free, low: quota > 0 && free < LOW }
  } catch {
    return { kept, known: false, used: 0, free: 0, low: false }
  }
}

async function promised(s: StorageManager | undefined, ask: boolean): Promise<boolean> {
  const already = (await s?.persisted?.()) ?? false
  return already || (ask && ((await s?.persist?.()) ?? false))
}
