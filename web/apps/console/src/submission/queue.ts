// The review queue as an address: tab, filters. The list and "next form" read it alike.
import type { Campaign, Me } from '@ruhu/api'

/** The level at which this person decides, or nothing for people who only read. */
export function ownLevel(campaign: Campaign | undefined, me: Me | null): string {
  if (!me?.actions.includes('review.decide')) return ''
  return campaign?.levels.find((l) => l.role === me.role)?.code ?? ''
}

/** The tab a person begins with: what waits for them, or for readers what waits for anybody. */
export function firstTab(own: string): string {
  return own === '' ? 'review' : 'mine'
}

/** What to ask the server for a tab. */
export function queueQuery(tab: string, own: string, filters: Record<string, string | undefined>) {
  if (tab === 'mine') return { ...filters, state: 'review', level: own }
  return { ...filters, state: tab === 'all' ? '' : tab }
}
