import type { Control } from '@ruhu/engine'
import { computed, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useForm } from './context'
import { kindOf } from './kinds'
import { plain } from './pages'
import { inWords } from './words'

/** What the screen shows of one question, however it is laid out: its errors wait until it was left once, its warning until typing ends. */
export function useQuestion(props: { control: Control; path: string }) {
  const { t } = useI18n()
  const { filling } = useForm()
  const kind = computed(() => kindOf(props.control))
  const node = computed(() => filling.node(props.path))
  const name = computed(() => plain(props.path).split('/').pop())
  const id = computed(() => `q${props.path.replace(/[^\w]/g, '_')}`)
  const typing = ref(false)
  const error = computed(() => {
    const e = node.value?.error
    if (!e) return ''
    const wrong = e.rule !== 'required' && node.value?.value !== '' && !typing.value
    if (!wrong && !filling.shown.has(props.path)) return ''
    if (e.message) return e.message
    if (e.rule === 'required') return t('form.requiredMissing')
    return t(e.rule === 'type' ? 'form.badType' : 'form.constraint')
  })
  const warning = computed(() => (typing.value ? null : (node.value?.warning ?? null)))
  const words = (value: string): string => (node.value ? inWords(node.value, value) : '')
  function set(value: string): void {
    filling.set(props.path, value)
  }
  function left(): void {
    typing.value = false
    if (node.value?.value !== '') filling.shown.add(props.path)
  }
  return { kind, node, name, id, typing, error, warning, words, set, left }
}
