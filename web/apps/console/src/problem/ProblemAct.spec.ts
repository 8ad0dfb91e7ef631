// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import type { Problem } from '@ruhu/api'
import { i18n } from '../i18n'
import ProblemAct from './ProblemAct.vue'

const problem = (may: string[], more: Partial<Problem> = {}) =>
  ({
    id: 'p1',
    state: 'registered',
    cause: '',
    measure: '',
    person: '',
    events: [],
    may,
    ...more,
  }) as unknown as Problem
const show = (p: Problem) => mount(ProblemAct, { props: { problem: p, large: false }, global: { plugins: [i18n] } })
const sendable = (w: ReturnType<typeof show>) => w.get('[data-test=act-send]').attributes('disabled') === undefined
afterEach(() => vi.unstubAllGlobals())

it('offers nothing but says whom it waits for when there is nothing to do', () => {
  const w = show(problem([], { state: 'claimed' }))
  expect(w.find('[data-test=act-send]').exists()).toBe(false)
  expect(w.text()).toContain('等待他人核实')
})

it('starts fixing only with cause, measure and person', async () => {
  let sent: unknown
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    sent = { url, body: JSON.parse(String(init.body)) as unknown }
    return Promise.resolve(new Response(JSON.stringify(problem(['claim'], { state: 'fixing' }))))
  })
  const w = show(problem(['start']))
  expect(sendable(w)).toBe(false)
  await w.get('[data-test=act-cause]').setValue('屋面漏雨')
  await w.get('[data-test=act-measure]').setValue('翻修')
  expect(sendable(w)).toBe(false)
  await w.get('[data-test=act-person]').setValue('村支书')
  await w.get('form').trigger('submit')
  await flushPromises()
  expect(sent).toMatchObject({
    url: '/api/v1/problems/p1/start',
    body: { cause: '屋面漏雨', measure: '翻修', person: '村支书' },
  })
  expect(w.emitted('changed')).toHaveLength(1)
})

it('asks a claim for words and a photo', async () => {
  const w = show(problem(['start', 'claim'], { state: 'fixing' }))
  expect(w.find('[data-test=photo-input]').exists()).toBe(true)
  await w.get('[data-test=act-note]').setValue('已翻修')
  expect(sendable(w)).toBe(false)
})

it('asks a rejection for words', async () => {
  const w = show(problem(['verify', 'reject'], { state: 'claimed' }))
  await w.get('[data-test=act-reject]').trigger('click')
  expect(sendable(w)).toBe(false)
  await w.get('[data-test=act-note]').setValue('仍漏雨')
  expect(sendable(w)).toBe(true)
})
