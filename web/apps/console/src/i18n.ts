import { createI18n } from 'vue-i18n'
import { setLanguage } from '@ruhu/api'
import { saveLanguage, savedLanguage, uiLocale, type Language } from '@ruhu/ui'
import en from './locale/en'
import zh from './locale/zh'

export const i18n = createI18n({
  legacy: false,
  locale: savedLanguage(),
  fallbackLocale: 'zh-CN',
  messages: {
    'zh-CN': { ...zh, ui: uiLocale['zh-CN'] },
    en: { ...en, ui: uiLocale.en },
  },
})

/** Switches the words of the screens and the language the server answers in. */
export function chooseLanguage(language: Language): void {
  i18n.global.locale.value = language
  saveLanguage(language)
  setLanguage(language)
}

chooseLanguage(savedLanguage())
