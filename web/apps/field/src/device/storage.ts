export interface StorageState {
  /** The browser promised not to clear our data on its own. */
  kept: boolean
  /** Bytes; 0 when the browser doesn't say. */
  used: number
  free: number
  low: boolean
}

/** Below this a photo or two may still fit, a day's work does not. */
const LOW = 50 * 1024 * 1024

/** Asks the browser to keep our data, and how much room there is. Never fails: an answer we can't get is "no". */
export async function storageState(ask = true): Promise<StorageState> {
  const s = navigator.storage as StorageManager | undefined
  const kept = await promised(s, ask).catch(() => false)
  try {
    const { quota = 0, usage = 0 } = (await s?.estimate?.()) ?? {}
    const free = Math.max(0, quota - usage)
    return { kept, used: usage, free, low: quota > 0 && free < LOW }
  } catch {
    return { kept, used: 0, free: 0, low: false }
  }
}

async function promised(s: StorageManager | undefined, ask: boolean): Promise<boolean> {
  const already = (await s?.persisted?.()) ?? false
  return already || (ask && ((await s?.persist?.()) ?? false))
}
