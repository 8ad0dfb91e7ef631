import { ApiError, isOffline } from '@ruhu/api'

/** What went wrong as a sentence for the person, with the stable code when the server gave one. */
export function sentence(e: unknown, t: (key: string, values?: Record<string, unknown>) => string): string {
  if (isOffline(e)) return t('common.offline')
  if (e instanceof ApiError) return `${e.detail || t('status.server')}（${t('common.code', { code: e.code })}）`
  return t('trouble.phone')
}
