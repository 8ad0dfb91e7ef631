import { onBeforeUnmount, type Ref } from 'vue'
import { beforeLock } from '../device/idle'
import type { Filling } from './filling'

/** An open form goes to the disk whenever it may go off the screen: another app, the lock, the page closed. `shown` is told when it is back. */
export function useOnDisk(filling: Ref<Filling | null>, shown: () => Promise<void>) {
  const save = (): void => {
    void filling.value?.pause()
    void filling.value?.settled()
  }
  const turned = (): void => {
    if (document.visibilityState === 'hidden') return save()
    filling.value?.resume()
    void shown()
  }
  /** Everything is on the disk now, also what was still being made; false when it could not be written. */
  const written = async (): Promise<boolean> => {
    await filling.value?.settled()
    await filling.value?.pause()
    return filling.value?.saving !== 'failed'
  }
  /** Whose time it is: the question that is touched or gets the focus. */
  const touched = (e: Event): void => {
    const ref = (e.target as Element).closest<HTMLElement>('[data-path]')?.dataset.path
    filling.value?.resume()
    if (ref) filling.value?.touch(ref)
  }

  const takeBack = beforeLock(written)
  addEventListener('pagehide', save)
  document.addEventListener('visibilitychange', turned)
  onBeforeUnmount(() => {
    takeBack()
    filling.value?.end()
    removeEventListener('pagehide', save)
    document.removeEventListener('visibilitychange', turned)
  })
  return { written, touched }
}
