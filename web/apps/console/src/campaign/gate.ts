import type { Text } from '@ruhu/api'

/** What a closed gate says is missing: `fields.missing`, a list with a sentence in both languages each. */
export function missingOf(fields: Record<string, unknown>): Text[] {
  const list = Array.isArray(fields.missing) ? (fields.missing as unknown[]) : []
  return list.flatMap((m) => {
    if (m === null || typeof m !== 'object') return []
    const { zh, en, code } = m as Record<string, unknown>
    const word = (v: unknown) => (typeof v === 'string' ? v : '')
    return [{ zh: word(zh) || word(code), en: word(en) || word(code) }]
  })
}
