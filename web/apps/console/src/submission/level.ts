import type { Campaign, Text } from '@ruhu/api'

/** The title of a review level, given by its code or by its place (0 is the first). */
export function levelTitle(
  campaign: Campaign | undefined,
  level: string | number | null | undefined,
): Text | undefined {
  if (level === null || level === undefined || level === '') return undefined
  const levels = campaign?.levels ?? []
  return (levels.find((l) => l.code === level) ?? levels[Number(level)])?.title
}
