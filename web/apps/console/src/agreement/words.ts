// How values and sources of figures are shown.
import { useI18n } from 'vue-i18n'
import type { FigureKind, FigureSource } from '@ruhu/api'
import { useText } from '@ruhu/ui'
import { useWords } from '../words'

export function useFigures() {
  const { t } = useI18n()
  const text = useText()
  const { word } = useWords()
  return {
    /** A value of a kind, in words. */
    shown(kind: string, value: string): string {
      if (value === 'yes' || value === 'no') return kind === 'yes_no' ? t(`agreement.${value}`) : value
      if (kind === 'class') return word('class', value)
      if (kind === 'sex') return word('sex', value)
      return value
    },
    field: (fields: FigureKind[], code: string) => fields.find((f) => f.code === code),
    source: (sources: FigureSource[], code: string) => text(sources.find((s) => s.code === code)?.title) || code,
  }
}
