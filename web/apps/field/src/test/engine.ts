import type { Change, CompiledForm, Control, NodeState, Session } from '@ruhu/engine'

/**
 * A tiny stand-in for the engine, for tests of the screen's own logic only: flat questions, where `relevant` says on which answer a
 * question depends. What forms really do is tested with the real engine, in packages/engine and end to end.
 */
export interface FakeQuestion {
  ref: string
  required?: boolean
  /** Shown only when that question has that answer. */
  when?: [ref: string, value: string]
  control?: Partial<Control>
}

export function fakeForm(pages: { [group: string]: FakeQuestion[] }): { form: CompiledForm; session: Session } {
  const all = Object.values(pages).flat()
  const values = new Map<string, string>()
  const state = (q: FakeQuestion): NodeState => {
    const relevant = !q.when || values.get(q.when[0]) === q.when[1]
    const value = values.get(q.ref) ?? ''
    return {
      ref: q.ref,
      type: 'input',
      datatype: 'string',
      value,
      relevant,
      required: q.required ?? false,
      readonly: false,
      label: q.ref,
      hint: '',
      choices: null,
      count: 0,
      error: relevant && q.required && value === '' ? { rule: 'required', message: '' } : null,
      warning: null,
      prefilled: false,
      pii: '',
    } as unknown as NodeState
  }
  const group = (ref: string): NodeState => ({ ...state({ ref }), type: 'group' }) as NodeState
  const everything = (): NodeState[] => [...Object.keys(pages).map(group), ...all.map(state)]
  const change = (): Change => ({ changed: everything(), removed: [] })
  const session = {
    state: everything,
    set: (ref: string, value: string) => {
      values.set(ref, value)
      return change()
    },
    confirm: change,
    setLanguage: change,
    verify: change,
    why: () => undefined,
    visit: () => ({ guide: '', respondent: '', name: '', elsewhere: '' }),
    setVisit: () => undefined,
    setVouch: () => undefined,
    setOpening: () => undefined,
    setMoves: () => undefined,
    setTiming: () => undefined,
    setOddity: () => undefined,
    paradata: () => ({ openings: [], moves: 0, timings: [], oddities: [] }),
    replies: () => ({}),
    setReply: () => undefined,
    check: () => [],
    draft: () => JSON.stringify([...values]),
    xml: () => '<data/>',
    progress: () => ({ answered: values.size, total: all.length }),
    close: () => undefined,
  } as unknown as Session
  const body: Control[] = Object.entries(pages).map(([ref, questions]) => ({
    ref,
    type: 'group',
    datatype: '',
    appearance: 'field-list',
    children: questions.map((q) => ({
      ref: q.ref,
      type: 'input',
      datatype: 'string',
      appearance: '',
      children: [],
      ...q.control,
    })),
  }))
  return { form: { body, languages: [] } as unknown as CompiledForm, session }
}
