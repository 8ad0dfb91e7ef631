import { onUnmounted, ref, watch } from 'vue'
import { useForm } from '../context'
import { digestOf, pictureOf } from '../pictures'

/** The address of a picture on this phone; '' when there is none, or when only the server has it. */
export function usePicture(name: () => string) {
  const { db, assignment } = useForm()
  const url = ref('')
  const drop = () => {
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = ''
  }
  watch(
    name,
    async (value) => {
      const picture = await pictureOf(db, assignment, digestOf(value))
      if (value !== name()) return
      drop()
      if (picture) url.value = URL.createObjectURL(picture.blob)
    },
    { immediate: true },
  )
  onUnmounted(drop)
  return { url }
}
