// @vitest-environment happy-dom
import type { FieldPackage } from '@ruhu/api'
import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { reactive } from 'vue'
import { i18n } from '../locale'
import { pack } from '../session/session'
import { FORM, type FormContext } from './context'
import FormComments from './FormComments.vue'

const reply = vi.fn()
afterEach(() => (pack.value = null))

it('reads and answers what is said of questions that are not asked now', async () => {
  const returned = { by_name: '督导员', revision: 1, note: '见批注', comments: [] }
  pack.value = { assignments: [{ id: 'a', state: 'returned', returned }] } as unknown as FieldPackage
  const at = (ref: string) => [{ id: ref, ref, text: `看${ref}`, by_name: '督导员', at: '' }]
  const filling = reactive({
    visible: [{ refs: ['/d/a', '/d/b'] }],
    node: (r: string) => (r === '/d/hidden' ? { label: '4.1 在校几人' } : undefined),
    replies: {},
    jots: {},
    jot: () => undefined,
    reply,
  })
  const comments = new Map(['/d/hidden', '/d/b', '/d/total'].map((r) => [r, at(r)]))
  const w = mount(FormComments, {
    global: {
      plugins: [i18n],
      provide: { [FORM as symbol]: { filling, assignment: 'a', comments } as unknown as FormContext },
    },
  })
  const nowhere = w.get('[data-test="comments-nowhere"]')
  expect(nowhere.get('summary').text()).toContain('2')
  expect(nowhere.findAll('.nowhere > strong').map((x) => x.text())).toEqual(['4.1 在校几人', 'total'])
  await nowhere.get('[data-test="reply-open"]').trigger('click')
  await nowhere.get('[data-test="reply-text"]').setValue('没有在校生')
  await nowhere.get('[data-test="reply-keep"]').trigger('click')
  expect(reply).toHaveBeenCalledWith('/d/hidden', '没有在校生')
  await w.get('[data-test="comment-next"]').trigger('click')
  expect(w.emitted('jump')).toEqual([['/d/b']])
  expect(w.text()).toContain('1 / 1')
})
