import type { Answer, Phone } from './phone'

/** Answers to questionnaire A, page by page, for a household without anything remarkable. */
export const PLAIN: Record<string, Record<string, Answer>> = {
  g_mode: { mode: '1', respondent: '1' },
  g_q1: { q1_1: '20000', q1_1b: '8000', q1_2: '0', q1_3: '2000', q1: '30000', q1_4: '0' },
  g_q2: { q2: '1' },
  g_q3: { q3: '1' },
  g_q4: { q4: '2' },
  g_q5: { q5: '1' },
  g_q6: { q6: '1' },
  g_q7: { q7: '2' },
  g_q8: { q8: '3' },
  g_q9: { q9: '1' },
  g_q10: { q10: '2' },
  g_q11: { q11: '1', q11_1: ['1'] },
  g_q12: { q12: '2', q12_2: '2' },
  g_q13: { q13: '2' },
  g_q14: { q14: '2', q14_2: '2', q14_3: '1', q14_4: '1' },
  ...Object.fromEntries([15, 16, 17, 18, 19].map((n) => [`g_q${n}`, { [`q${n}`]: '2' }])),
  g_q20: { q20: '2' },
}

/** How the enumerators confirm: by the partner's PIN, or otherwise. */
type Confirm = string | (() => Promise<void>)

/** Fills questionnaire A from its first page to the signature for a household without anything remarkable; `then` is what the last page shows. */
export async function fillPlainly(p: Phone, confirm: Confirm, then = 'finish-ok'): Promise<void> {
  await p.onPage('g_household')
  await p.next()
  for (const [group, answers] of Object.entries(PLAIN)) await p.fill(group, answers)
  await p.onPage('g_sign')
  await signed(p, confirm, then)
}

/** Keys the same from paper, by keyboard alone, up to the signature; `other` is what this person reads differently. */
export async function keyPlainly(
  p: Phone,
  partnerPin: string,
  other: Record<string, string>,
  then = 'finish-ok',
): Promise<void> {
  const answers: Record<string, Answer> = { ...Object.assign({}, ...Object.values(PLAIN)), ...other }
  await p.onPage('g_household')
  for (let n = 0; n < 150; n++) {
    const at = await p.page.evaluate(() => {
      const focused = document.activeElement as HTMLElement | null
      const line = focused?.matches('[data-test="answer"]') ?? false
      return {
        page: document.querySelector<HTMLElement>('[data-test="page"]')?.dataset.page ?? '',
        name: (line && focused?.closest<HTMLElement>('[data-test="question"]')?.dataset.name) || '',
      }
    })
    if (at.page.endsWith('/g_sign')) return signed(p, partnerPin, then)
    const typed = answers[at.name]
    if (typed !== undefined) await p.page.keyboard.type([typed].flat().join(' '))
    await p.page.keyboard.press('Enter')
  }
  throw new Error('the keyboard does not come to the end of the form')
}

/**
 * Fills the same in the page itself, without a round trip for each tap, from the page that is open: for tests of many forms. `from` is where a draft
 * goes on, `to` the page to stop at, `gone` are pages that the form does not have any more.
 */
export async function fillQuickly(
  p: Phone,
  partnerPin: string,
  from = '',
  to = '',
  gone: string[] = [],
): Promise<void> {
  const groups = Object.keys(PLAIN).filter((g) => !gone.includes(g))
  const pages = groups.slice(from ? groups.indexOf(from) : 0, to ? groups.indexOf(to) : undefined)
  if (!from) {
    await p.onPage('g_household')
    await p.next()
  }
  await p.page.evaluate(
    async (todo) => {
      const until = async <T>(what: string, look: () => T | null | undefined | false): Promise<T> => {
        for (let n = 0; n < 1000; n++) {
          const found = look()
          if (found) return found
          await new Promise((done) => setTimeout(done, 10))
        }
        throw new Error(`not seen: ${what}`)
      }
      const at = (q: ParentNode, s: string) => q.querySelector<HTMLElement>(s)
      for (const [group, answers] of todo) {
        await until(group, () => at(document, `[data-test="page"][data-page$="/${group}"]`))
        for (const [name, value] of Object.entries(answers)) {
          const q = await until(name, () => at(document, `[data-test="question"][data-name="${name}"]`))
          for (const v of [value].flat()) {
            const choice = at(q, `[data-test="choice"][data-value="${v}"]`)
            if (choice) {
              if (!choice.classList.contains('on')) choice.click()
              await until(`${name} ${v}`, () => at(q, `[data-test="choice"][data-value="${v}"].on`))
            } else {
              const line = at(q, '[data-test="answer"]') as HTMLInputElement
              line.focus()
              line.value = v
              line.dispatchEvent(new Event('input', { bubbles: true }))
              line.blur()
            }
          }
        }
        at(document, '[data-test="next"]')?.click()
      }
    },
    pages.map((g) => [g, PLAIN[g] ?? {}] as const),
  )
  if (to) return
  await p.onPage('g_sign')
  await signed(p, partnerPin, 'finish-ok')
}

async function signed(p: Phone, confirm: Confirm, then: string): Promise<void> {
  await p.sign()
  await (typeof confirm === 'string' ? p.confirmBoth(confirm) : confirm())
  await p.next()
  await p.at(then).waitFor()
}
