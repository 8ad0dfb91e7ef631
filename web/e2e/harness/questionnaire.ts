import type { Phone } from './phone'

/** Fills questionnaire A from its first page to the signature for a household without anything remarkable; `then` is what the last page shows. */
export async function fillPlainly(p: Phone, partnerPin: string, then = 'finish-ok'): Promise<void> {
  await p.onPage('g_household')
  await p.next()
  await p.fill('g_mode', { mode: '1', respondent: '1' })
  await p.fill('g_q1', { q1_1: '20000', q1_1b: '8000', q1_2: '0', q1_3: '2000', q1: '30000', q1_4: '0' })
  await p.fill('g_q2', { q2: '1' })
  await p.fill('g_q3', { q3: '1' })
  await p.fill('g_q4', { q4: '2' })
  await p.fill('g_q5', { q5: '1' })
  await p.fill('g_q6', { q6: '1' })
  await p.fill('g_q7', { q7: '2' })
  await p.fill('g_q8', { q8: '3' })
  await p.fill('g_q9', { q9: '1' })
  await p.fill('g_q10', { q10: '2' })
  await p.fill('g_q11', { q11: '1', q11_1: ['1'] })
  await p.fill('g_q12', { q12: '2', q12_2: '2' })
  await p.fill('g_q13', { q13: '2' })
  await p.fill('g_q14', { q14: '2', q14_2: '2', q14_3: '1', q14_4: '1' })
  for (const n of [15, 16, 17, 18, 19]) await p.fill(`g_q${n}`, { [`q${n}`]: '2' })
  await p.fill('g_q20', { q20: '2' })
  await p.onPage('g_sign')
  await p.sign()
  await p.confirmBoth(partnerPin)
  await p.next()
  await p.at(then).waitFor()
}
