// @vitest-environment happy-dom
import type { Me } from '@ruhu/api'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { computed } from 'vue'
import { i18n } from '../locale'
import { me } from '../session/session'
import { FORM, type FormContext } from './context'
import FormQuery from './FormQuery.vue'

const say = vi.fn(async () => undefined)
beforeEach(() => (me.value = { name: '调查员' } as Me))
afterEach(() => (me.value = null))

function show(path: string, refs: string[]) {
  const queries = computed(() => refs.map((ref) => ({ id: ref, ref, label: '', state: 'open', turns: [] })))
  const filling = { jots: {}, jot: () => undefined }
  const context = { filling, formCode: 'a', queries, say, keying: false } as unknown as FormContext
  return mount(FormQuery, {
    props: { path, label: '年龄' },
    global: { plugins: [i18n], provide: { [FORM as symbol]: context } },
  })
}

it('stands at the member that it is about, not at each', () => {
  expect(show('/d/m[3]/age', ['/d/m[3]/age']).findAll('[data-test="query"]')).toHaveLength(1)
  expect(show('/d/m[2]/age', ['/d/m[3]/age']).findAll('[data-test="query"]')).toHaveLength(0)
  expect(show('/d/m[2]/age', ['/d/m/age']).findAll('[data-test="query"]')).toHaveLength(1)
})

it('tells the office which member it is about', async () => {
  const w = show('/d/m[3]/age', [])
  await w.get('[data-test="query-open"]').trigger('click')
  await w.get('[data-test="query-text"]').setValue('按虚岁还是周岁')
  await w.get('[data-test="query-send"]').trigger('click')
  expect(say).toHaveBeenCalledWith(
    expect.objectContaining({ action: 'ask', ref: '/d/m[3]/age', label: '年龄（第 3 条）' }),
  )
})
