// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { SubmissionDetail } from '@ruhu/api'
import { i18n } from '../i18n'
import SubmissionDecide from './SubmissionDecide.vue'
import type { Draft } from './draft'

const form = (more: Partial<SubmissionDetail> = {}) =>
  ({
    id: 's1',
    revision: 2,
    level: 'supervisor',
    state: 'review',
    findings: { errors: 0, warnings: 1, unconfirmed: 0 },
    missing_files: [],
    may: ['approve', 'return'],
    ...more,
  }) as SubmissionDetail

function show(submission: SubmissionDetail, draft: Draft = {}) {
  return mount(SubmissionDecide, { props: { submission, draft }, global: { plugins: [i18n] } })
}
const disabled = (w: ReturnType<typeof show>, hook: string) =>
  w.get(`[data-test=${hook}]`).attributes('disabled') !== undefined

function server(...answers: [number, unknown][]) {
  const bodies: Record<string, unknown>[] = []
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    bodies.push(JSON.parse(String(init.body)) as Record<string, unknown>)
    const [status, body] = answers.shift() ?? [500, {}]
    return Promise.resolve(new Response(JSON.stringify(body), { status }))
  })
  return bodies
}
afterEach(() => vi.unstubAllGlobals())

describe('decision', () => {
  it('cannot be made by somebody whose turn it is not', () => {
    const w = show(form({ may: [] }))
    expect(w.find('[data-test=approve]').exists()).toBe(false)
  })

  it('cannot be approval while errors are open', () => {
    const w = show(form({ findings: { errors: 1, warnings: 0, unconfirmed: 0 } }))
    expect(disabled(w, 'approve')).toBe(true)
  })

  it('cannot be approval while a warning has no reason, or for a form set aside', () => {
    const w = show(form({ findings: { errors: 0, warnings: 1, unconfirmed: 1 } }))
    expect(disabled(w, 'approve')).toBe(true)
    expect(disabled(show(form({ state: 'quarantined' })), 'approve')).toBe(true)
  })

  it('is a return only with a note or a comment', async () => {
    const w = show(form())
    expect(disabled(w, 'return')).toBe(true)
    await w.get('[data-test=decide-note]').setValue('请补充')
    expect(disabled(w, 'return')).toBe(false)
  })

  it('sends the comments written at the questions with the revision that was read', async () => {
    const bodies = server([200, form({ state: 'returned', may: [] })])
    const w = show(form(), { '/q4': { id: 'k1', text: ' 请核实 ' } })
    expect(disabled(w, 'approve')).toBe(true)
    await w.get('[data-test=return]').trigger('click')
    await flushPromises()
    expect(bodies[0]).toMatchObject({
      action: 'return',
      revision: 2,
      comments: [{ id: 'k1', ref: '/q4', text: '请核实' }],
    })
    expect(w.emitted('decided')).toHaveLength(1)
  })

  it('says why it was refused, and the next try is another decision', async () => {
    const bodies = server(
      [409, { code: 'review.stale', detail: '已有新版' }],
      [200, form({ state: 'accepted', may: [] })],
    )
    const w = show(form())
    await w.get('[data-test=approve]').trigger('click')
    await flushPromises()
    expect(w.get('[data-test=error]').attributes('data-code')).toBe('review.stale')
    expect(w.text()).toContain('已有新版')
    await w.get('[data-test=approve]').trigger('click')
    await flushPromises()
    expect(w.find('[data-test=error]').exists()).toBe(false)
    expect(bodies[0]?.id).not.toBe(bodies[1]?.id)
  })

  it('keeps its id when the answer was lost, so that it cannot be made twice', async () => {
    const ids: unknown[] = []
    vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
      ids.push((JSON.parse(String(init.body)) as { id: string }).id)
      return Promise.reject(new TypeError('network'))
    })
    const w = show(form())
    await w.get('[data-test=approve]').trigger('click')
    await flushPromises()
    await w.get('[data-test=approve]').trigger('click')
    await flushPromises()
    expect(ids).toHaveLength(2)
    expect(ids[0]).toBe(ids[1])
  })
})
