// Names and tones of codes. An unknown code is shown as it is: better an odd word than none.
import { useI18n } from 'vue-i18n'
import type { Tone } from '@ruhu/ui'

const tones: Record<string, Tone> = {
  'assignment.open': 'plain',
  'assignment.submitted': 'accent',
  'assignment.returned': 'warn',
  'assignment.done': 'good',
  'submission.received': 'plain',
  'submission.review': 'accent',
  'submission.accepted': 'good',
  'submission.returned': 'warn',
  'submission.quarantined': 'bad',
  'submission.aside': 'plain',
  'problem.registered': 'warn',
  'problem.fixing': 'accent',
  'problem.escalated': 'warn',
  'problem.referred': 'warn',
  'problem.claimed': 'accent',
  'problem.verified': 'good',
  'problem.closed': 'plain',
  'campaign.running': 'good',
  'stage.now': 'accent',
  'stage.done': 'good',
  'register.uploaded': 'warn',
  'register.loading': 'accent',
  'register.current': 'good',
  'register.failed': 'bad',
  'verdict.agree': 'good',
  'verdict.differ': 'bad',
  'verdict.missing': 'warn',
  'listing.open': 'plain',
  'listing.returned': 'bad',
  'listing.village': 'accent',
  'listing.township': 'good',
  'listing.frozen': 'good',
  'said.todo': 'warn',
  'said.returned': 'bad',
  'said.confirm': 'good',
  'said.correct': 'accent',
  'said.add': 'accent',
  'said.strike': 'bad',
  'said.merge': 'bad',
  'said.split': 'bad',
  'proposal_state.open': 'warn',
  'proposal_state.accepted': 'good',
  'proposal_state.returned': 'bad',
  'notice.open': 'warn',
  'notice.late': 'bad',
  'severity.high': 'bad',
  'severity.medium': 'warn',
}

export function useWords() {
  const { t, te } = useI18n()
  return {
    word: (kind: string, code: string) => (te(`${kind}.${code}`) ? t(`${kind}.${code}`) : code),
    tone: (kind: string, code: string): Tone => tones[`${kind}.${code}`] ?? 'plain',
  }
}
