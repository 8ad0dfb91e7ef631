// @vitest-environment happy-dom
import type { Control, NodeState } from '@ruhu/engine'
import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, reactive, shallowReactive } from 'vue'
import { i18n } from '../locale'
import { FORM, type FormContext } from './context'
import FormQuestion from './FormQuestion.vue'

const blank: NodeState = {
  ref: '/data/q11',
  type: 'select1',
  datatype: 'string',
  value: '',
  relevant: true,
  required: true,
  readonly: false,
  label: '11. 是否享受过',
  hint: '',
  choices: [
    { value: '1', label: '是' },
    { value: '2', label: '否' },
  ],
  count: 0,
  fixed: false,
  error: null,
  warning: null,
  prefilled: false,
  pii: '',
}

const set = vi.fn()
const confirm = vi.fn()
const reply = vi.fn()
const comment = { id: 'c1', ref: '/data/q11', text: '请再问一次', by_name: '督导员', at: '' }
beforeEach(() => vi.clearAllMocks())

function show(state: Partial<NodeState>, control: Partial<Control> = {}, comments: (typeof comment)[] = []) {
  const nodes = shallowReactive(new Map([['/data/q11', { ...blank, ...state }]]))
  const filling = reactive({
    node: (r: string) => nodes.get(r),
    shown: new Set<string>(),
    set,
    confirm,
    replies: {},
    jots: {},
    jot: () => undefined,
    reply,
  })
  const context = {
    filling,
    db: {},
    assignment: 'a1',
    enumerators: [],
    formCode: 'a',
    queries: computed(() => []),
    keying: false,
    again: new Set<string>(),
    comments: new Map([['/data/q11', comments]]),
  } as unknown as FormContext
  const c: Control = { ref: '/data/q11', type: 'select1', datatype: 'string', appearance: '', children: [], ...control }
  const w = mount(FormQuestion, {
    props: { control: c, path: '/data/q11' },
    global: { plugins: [i18n], provide: { [FORM as symbol]: context } },
  })
  return { w, nodes, filling }
}

describe('a question', () => {
  it('gives the choice that was tapped', async () => {
    const { w } = show({})
    await w.get('[data-value="2"] input').setValue()
    expect(set).toHaveBeenCalledWith('/data/q11', '2')
  })

  it('does not blame anybody for what is not filled in yet', async () => {
    const { w, filling } = show({ error: { rule: 'required', message: '' } })
    expect(w.find('[data-test="error"]').exists()).toBe(false)
    filling.shown.add('/data/q11')
    await w.vm.$nextTick()
    expect(w.get('[data-test="error"]').text()).toBe('此题必填。')
  })

  it('shows a wrong answer at once, with the form’s words', () => {
    const { w } = show({ value: '2', error: { rule: 'constraint', message: '请核对两题' } })
    expect(w.get('[data-test="error"]').text()).toBe('请核对两题')
  })

  it('keeps quiet about a number while it is being typed', async () => {
    const wrong = {
      type: 'input',
      datatype: 'int',
      value: '0',
      error: { rule: 'constraint', message: '太小' },
    } as const
    const { w } = show({ ...wrong, choices: null }, { type: 'input', datatype: 'int' })
    await w.get('input').trigger('focus')
    expect(w.find('[data-test="error"]').exists()).toBe(false)
    await w.get('input').trigger('blur')
    expect(w.get('[data-test="error"]').text()).toBe('太小')
  })

  it('asks for a reason when a soft check does not hold, and takes no blank one', async () => {
    const { w } = show({ value: '2', warning: { message: '请核实', reason: '' } })
    const button = w.get<HTMLButtonElement>('[data-test="confirm-warning"]')
    await w.get('[data-test="reason"]').setValue('   ')
    expect(button.element.disabled).toBe(true)
    await w.get('[data-test="reason"]').setValue(' 已核实 ')
    await button.trigger('click')
    expect(confirm).toHaveBeenCalledWith('/data/q11', '已核实')
  })

  it('shows the reviewer’s comment', () => {
    const { w } = show({}, {}, [comment])
    expect(w.get('[data-test="comment"]').text()).toContain('请再问一次')
  })

  it('shows it at facts and notes, too', () => {
    expect(show({ readonly: true }, {}, [comment]).w.get('[data-test="fact"]').text()).toContain('请再问一次')
    expect(show({}, { type: 'note' }, [comment]).w.get('.note-text').text()).toContain('请再问一次')
  })

  it('takes an answer to it', async () => {
    const { w } = show({}, {}, [comment])
    await w.get('[data-test="reply-open"]').trigger('click')
    await w.get('[data-test="reply-text"]').setValue('已再问，属实')
    await w.get('[data-test="reply-keep"]').trigger('click')
    expect(reply).toHaveBeenCalledWith('c1', '已再问，属实')
  })

  it('explains itself when it is asked to, by a button that says whether it is open', async () => {
    const { w } = show({ guidance: '以残疾证为准' })
    const button = w.get('[data-test="explain"]')
    const text = w.get<HTMLElement>(`#${button.attributes('aria-controls')}`)
    expect([button.attributes('aria-expanded'), text.element.style.display]).toEqual(['false', 'none'])
    await button.trigger('click')
    expect([button.attributes('aria-expanded'), text.element.style.display]).toEqual(['true', ''])
    expect(text.text()).toBe('以残疾证为准')
    expect(show({}).w.find('[data-test="explain"]').exists()).toBe(false)
  })

  it('is a fact, not a question, when it can’t be changed', () => {
    const { w } = show({ value: '2', readonly: true })
    expect(w.get('[data-test="fact-value"]').text()).toBe('否')
    expect(w.find('input').exists()).toBe(false)
  })
})
