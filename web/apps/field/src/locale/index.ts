import { setLanguage } from '@ruhu/api'
import { createI18n } from 'vue-i18n'
import en from './en'
import zh from './zh'

export type Lang = 'zh-CN' | 'en'
const KEY = 'ruhu.field.lang'

function stored(): Lang {
  return localStorage.getItem(KEY) === 'en' ? 'en' : 'zh-CN'
}

export const i18n = createI18n({
  legacy: false,
  locale: stored(),
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en },
})

export function language(): Lang {
  return i18n.global.locale.value as Lang
}

export function chooseLanguage(lang: Lang): void {
  localStorage.setItem(KEY, lang)
  i18n.global.locale.value = lang
  applyLanguage()
}

export function applyLanguage(): void {
  document.documentElement.lang = language()
  setLanguage(language())
}
