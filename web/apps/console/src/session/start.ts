import { can, me } from './session'

const leads = new Set(['township_leader', 'guidance_group'])

/** The first screen of a campaign for this person: villages begin with their problems, leaders with the overview, others with the progress. */
export function startScreen(): string {
  if (me.value?.role === 'village') return 'problems'
  if (leads.has(me.value?.role ?? '')) return 'overview'
  for (const [action, name] of [
    ['progress.read', 'progress'],
    ['submission.read', 'submissions'],
    ['ledger.read', 'problems'],
  ] as const) {
    if (can(action)) return name
  }
  return 'campaign'
}
