import { ref, type Ref } from 'vue'
import { isFull } from '../../store/store'
import { useForm } from '../context'
import { keepPicture } from '../pictures'
import type { Send } from './useLate'

/**
 * Keeps a picture, a sound or another file on the phone and gives its name as the answer. `trouble` says why that failed; a widget may have more
 * reasons of its own.
 */
export function useKeeping<Other extends string = never>(emit: Send) {
  const { db, assignment } = useForm()
  const trouble = ref('') as Ref<'' | 'full' | 'failed' | Other>
  async function keep(file: Blob | Promise<Blob>): Promise<void> {
    trouble.value = ''
    try {
      emit('set', await keepPicture(db, assignment, await file))
      emit('left')
    } catch (cause) {
      trouble.value = isFull(cause) ? 'full' : 'failed'
      if (!isFull(cause)) console.error('keep', cause)
    }
  }
  return { trouble, keep }
}
