import type { Campaign } from '@ruhu/api'

/** The columns in which waiting forms are counted by age in working days, numbered from 1. */
export function ageColumns(campaign: Campaign | undefined): { value: string; from: number; to: number | undefined }[] {
  const last = campaign?.ages ?? []
  return [...last, undefined].map((to, i) => ({ value: String(i + 1), from: i === 0 ? 0 : (last[i - 1] ?? 0) + 1, to }))
}
