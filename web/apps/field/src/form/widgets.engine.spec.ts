// @vitest-environment happy-dom
import { EngineError, loadEngine, type Control, type Engine, type NodeState } from '@ruhu/engine'
import { mount } from '@vue/test-utils'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { computed, reactive } from 'vue'
import { i18n } from '../locale'
import { FORM, type FormContext } from './context'
import FormQuestion from './FormQuestion.vue'
import { kindOf } from './kinds'

// The DOM of the tests has no canvas to write on.
vi.mock('signature_pad', () => ({
  default: class {
    clear() {}
    off() {}
    addEventListener() {}
    isEmpty = () => true
  },
}))

// Every question of every form of the conformance corpus has a widget, and every appearance in them is either carried out or listed here with
// the reason why the ordinary widget has to do. What XLSForm itself knows is in docs/types.md, held by types.engine.spec.ts.
const corpus = process.env.RUHU_CONFORMANCE ?? resolve(import.meta.dirname, '../../../../../../shared/conformance')
const wasm = resolve(import.meta.dirname, '../../../../packages/engine/dist/ruhu.wasm')

const DONE = [
  ...[
    'minimal',
    'autocomplete',
    'autocomplete_chars',
    'search',
    'columns',
    'columns-pack',
    'compact',
    'likert',
    'list',
  ],
  ...[
    'list-nolabel',
    'label',
    'horizontal',
    'horizontal-compact',
    'quick',
    'quickcompact',
    'multiline',
    'numbers',
    'masked',
  ],
  ...['counter', 'picker', 'rating', 'month-year', 'year', 'signature', 'draw', 'new', 'field-list', 'enumerator'],
  ...['no-buttons', 'annotate', 'selfie', 'bearing', 'thousands-sep', 'hidden-answer'],
]
const ORDINARY: { [appearance: string]: string } = {
  'image-map': 'a list is read more surely than a small picture is hit with a thumb',
  map: 'a list: no map is on the phone without a network, and no map server is ever contacted',
  maps: 'the position by GPS: as map',
  'placement-map': 'the position by GPS: as map',
  'no-calendar': 'the browser’s own field for a date',
  'bikram-sambat': 'no calendar of that kind is used in China',
  buddhist: 'no calendar of that kind is used in China',
  coptic: 'no calendar of that kind is used in China',
  ethiopian: 'no calendar of that kind is used in China',
  islamic: 'no calendar of that kind is used in China',
  myanmar: 'no calendar of that kind is used in China',
  persian: 'no calendar of that kind is used in China',
  vertical: 'the slider lies: an upright one is in the way of scrolling',
  'no-ticks': 'no ticks are drawn',
  url: 'text: no link leads out of the app',
  printer: 'no printer is at the doorstep',
  comment: 'text: comments are the reviewers’',
}
/** Words that are about the look of a page on a desk, or that no specification knows: nothing to carry out. */
const DECORATION = /^(w\d+|bold|round|hidden|columns-\d+|compact-\d+|ex:.*|printer:.*|\(?question\w+=''\))$/

function controls(list: Control[]): Control[] {
  return list.flatMap((c) => [c, ...controls(c.children)])
}

function renders(c: Control): boolean {
  const node = {
    ref: c.ref,
    type: c.type,
    value: '',
    relevant: true,
    label: 'l',
    hint: '',
    choices: [{ value: 'a', label: 'A' }],
    error: null,
    warning: null,
  } as unknown as NodeState
  const filling = reactive({
    node: () => node,
    shown: new Set<string>(),
    jots: {},
    set: () => undefined,
    beforeLeaving: () => () => undefined,
  })
  const context = {
    filling,
    db: {},
    assignment: 'a',
    enumerators: [],
    formCode: '',
    queries: computed(() => []),
    keying: false,
    again: new Set<string>(),
    comments: new Map(),
  } as unknown as FormContext
  const w = mount(FormQuestion, {
    props: { control: c, path: c.ref },
    global: { plugins: [i18n], provide: { [FORM as symbol]: context } },
  })
  const asks = w.find('input, textarea, select, button, canvas').exists()
  w.unmount()
  return asks
}

describe.skipIf(!existsSync(corpus) || !existsSync(wasm))('the widgets, over the conformance forms', () => {
  const seen = new Map<string, Control>()
  let read = 0

  beforeAll(async () => {
    const engine: Engine = await loadEngine({ wasmBytes: readFileSync(wasm) })
    const files = readdirSync(join(corpus, 'forms'), { recursive: true, encoding: 'utf8' })
    for (const f of files.filter((x) => x.endsWith('.xml'))) {
      try {
        const form = engine.compile(readFileSync(join(corpus, 'forms', f), 'utf8'))
        for (const c of controls(form.body)) seen.set([c.type, c.datatype, c.mediatype, c.appearance].join('|'), c)
        form.dispose()
        read++
      } catch (e) {
        if (!(e instanceof EngineError)) throw e // some are broken on purpose
      }
    }
  }, 120_000)

  it('ask every kind of question', () => {
    expect(read).toBeGreaterThan(100)
    const questions = [...seen.values()].filter((c) => c.type !== 'group' && c.type !== 'repeat')
    const lacking = questions
      .filter((c) => kindOf(c) !== 'note' && (kindOf(c) === 'unsupported' || !renders(c)))
      .map((c) => [c.type, c.mediatype ?? c.datatype].join(' '))
    expect([...new Set(lacking)]).toEqual([])
  })

  it('carry out every appearance, or have a reason', () => {
    const words = [...seen.values()]
      .filter((c) => c.type !== 'group' && c.type !== 'repeat')
      .flatMap((c) => c.appearance.split(/\s+/).filter(Boolean))
    const open = [...new Set(words)].filter((w) => !DONE.includes(w) && !(w in ORDINARY) && !DECORATION.test(w))
    expect(open).toEqual([])
  })
})
