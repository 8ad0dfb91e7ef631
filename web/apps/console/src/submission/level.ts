import type { Campaign, Text } from '@ruhu/api'

/** The title of a review level, given by its code. */
export function levelTitle(campaign: Campaign | undefined, level: string): Text | undefined {
  return campaign?.levels.find((l) => l.code === level)?.title
}
