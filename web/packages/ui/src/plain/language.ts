// The person's language: Chinese unless they chose English on this device.
export type Language = 'zh-CN' | 'en'

const key = 'ruhu.language'

export function savedLanguage(): Language {
  try {
    return localStorage.getItem(key) === 'en' ? 'en' : 'zh-CN'
  } catch {
    return 'zh-CN' // storage may be switched off
  }
}

export function saveLanguage(language: Language): void {
  try {
    localStorage.setItem(key, language)
  } catch {
    // The choice then holds until the page is closed.
  }
  document.documentElement.lang = language
}

/** The text in the person's language; Chinese where English is missing, and the other way round. */
export function textIn(text: { zh: string; en: string } | null | undefined, language: string): string {
  if (!text) return ''
  return language.startsWith('zh') ? text.zh || text.en : text.en || text.zh
}
