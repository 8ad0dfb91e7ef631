import { useI18n } from 'vue-i18n'
import { ApiError } from '@ruhu/api'
import type { Text } from '@ruhu/api'
import { textIn } from './plain/language'

/** Picks the person's language out of a two-language text. */
export function useText() {
  const { locale } = useI18n()
  return (text: Text | null | undefined) => textIn(text, locale.value)
}

/** A sentence for any thrown thing: the server's own, or ours when there is none. */
export function useErrorText() {
  const { t } = useI18n()
  return (error: unknown): string => {
    if (error instanceof ApiError) {
      if (error.code === 'web.offline') return t('ui.offline')
      return error.detail || t('ui.failed')
    }
    return error instanceof Error && error.message ? error.message : t('ui.failed')
  }
}
