// @vitest-environment happy-dom
import type { NodeState } from '@ruhu/engine'
import { mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { computed, reactive } from 'vue'
import { i18n } from '../locale'
import { FORM } from './context'
import FormKeyed from './FormKeyed.vue'

function keyed(over: object, again: string[] = []) {
  const node = reactive({
    ref: '/d/q',
    type: 'select1',
    datatype: 'string',
    value: '',
    relevant: true,
    required: false,
    readonly: false,
    label: '住房',
    hint: '',
    choices: [
      { value: 'own', label: '自有' },
      { value: 'rent', label: '租住' },
    ],
    count: 0,
    error: null,
    warning: null,
    ...over,
  }) as unknown as NodeState
  const filling = reactive({
    node: () => node,
    shown: new Set<string>(),
    jots: {},
    set: vi.fn((_: string, v: string) => (node.value = v)),
    confirm: vi.fn(),
    verify: vi.fn(),
  })
  const context = { filling, comments: new Map(), queries: computed(() => []), keying: true, again: new Set(again) }
  const control = { ref: '/d/q', type: node.type, datatype: node.datatype, appearance: '', children: [] }
  const w = mount(FormKeyed, {
    props: { control: control as never, path: '/d/q' },
    global: { plugins: [i18n], provide: { [FORM as symbol]: context } },
  })
  const at = (hook: string) => w.find(`[data-test="${hook}"]`)
  return { w, node, filling, at }
}

it('takes the number on paper, shows which choice it was, and says when there is none', async () => {
  const { w, node, at } = keyed({})
  const line = at('answer')
  await line.trigger('focus')
  await line.setValue('2')
  expect(node.value).toBe('rent')
  expect(w.find('.on').text()).toContain('租住')
  await line.setValue('5')
  expect(at('error').exists()).toBe(false) // still typing
  await line.trigger('blur')
  expect([node.value, at('error').text()]).toEqual(['', '没有这个选项，请输入选项的序号。'])
})

it('can be tapped, too', async () => {
  const { node, at, w } = keyed({ type: 'select', value: 'rent' })
  await w.findAll('[data-test="choice"]')[0]?.trigger('click')
  expect(node.value).toBe('own rent')
  expect((at('answer').element as HTMLInputElement).value).toBe('1 2')
})

it('confirms a warning and a difference to the base list as on paper', async () => {
  const { filling, at } = keyed({
    value: 'rent',
    warning: { message: '请核对', reason: '' },
    transcribed: { was: 'own', checked: false, reason: '' },
  })
  expect(at('warning').text()).toContain('自有')
  await at('as-on-paper').trigger('click')
  expect(filling.confirm).toHaveBeenCalledWith('/d/q', '与纸质问卷一致')
  expect(filling.verify).toHaveBeenCalledWith('/d/q', '与纸质问卷一致')
})

it('says where the first keying differs, and not what it says', () => {
  const { at } = keyed({ value: 'rent' }, ['/d/q'])
  expect(at('look-again').text()).toBe('与第一次录入不同，请再看一次纸质问卷。')
  expect(keyed({ value: 'rent' }).at('look-again').exists()).toBe(false)
})
