import type { Answer, SubmissionDetail } from '@ruhu/api'

/** Comments being written, by question. The id is kept so that a repeated request stays the same comment. */
export type Draft = Record<string, { id: string; text: string }>

type Section = SubmissionDetail['sections'][number]

/** Whether the answer differs from the revision before. */
export function changed(a: Pick<Answer, 'previous' | 'display'>): boolean {
  return a.previous !== undefined && a.previous !== null && a.previous !== a.display
}

/** Only the questions that ask for attention: findings, comments, changes since the last revision, what is said of the base list, or a draft comment. */
export function openAnswers(sections: Section[], draft: Draft): Section[] {
  const open = (a: Answer) =>
    a.findings.length > 0 || a.comments.length > 0 || a.ref in draft || changed(a) || Boolean(a.register?.reason)
  return sections.map((s) => ({ ...s, answers: s.answers.filter(open) })).filter((s) => s.answers.length > 0)
}

/** The file names inside an answer: our phones name files by their digest, other apps as they like. */
export function isFile(a: Pick<Answer, 'type' | 'value'>): boolean {
  return (a.type === 'upload' && a.value !== '') || /^[0-9a-f]{64}\.[a-z0-9]{2,5}$/.test(a.value)
}

const prefix = 'ruhu.comments.'

/** Comments written earlier in this tab for this revision: leaving the page by mistake loses none. */
export function savedDraft(submission: string, revision: number): Draft {
  try {
    return JSON.parse(sessionStorage.getItem(`${prefix}${submission}.${revision}`) ?? '{}') as Draft
  } catch {
    return {}
  }
}

export function saveDraft(submission: string, revision: number, draft: Draft): void {
  const key = `${prefix}${submission}.${revision}`
  try {
    if (Object.keys(draft).length === 0) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, JSON.stringify(draft))
  } catch {
    // Storage may be full or switched off; the comments then live as long as the page.
  }
}

/** The next person at this screen is not shown what the last one wrote. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key)
  } catch {
    // Nothing was kept then.
  }
}
