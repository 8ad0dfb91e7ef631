// @vitest-environment happy-dom
import { loadEngine, type CompiledForm, type Control, type NodeState, type Session } from '@ruhu/engine'
import { flushPromises, mount } from '@vue/test-utils'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, reactive } from 'vue'
import { i18n } from '../locale'
import { FORM, type FormContext } from './context'
import FormControls from './FormControls.vue'
import FormQuestion from './FormQuestion.vue'
import { pagesOf } from './pages'

// docs/types.md says what the phone does with every type, appearance and parameter. Here each of its lines is held to the question that
// form/xlsform/testdata/every.md has for it, with the real engine and the real widgets: what is said to be carried out must change
// what is asked or how; what is said to be passed over must not.

const device = vi.hoisted(() => ({ record: vi.fn(), photograph: vi.fn(), locate: vi.fn(), locateWithin: vi.fn() }))
vi.mock('signature_pad', () => ({
  default: class {
    clear() {}
    off() {}
    addEventListener() {}
    isEmpty = () => true
  },
}))
// A phone that has everything: what it is asked for is what the proofs below look at.
vi.mock('../device/voice', async (real) => ({ ...(await real()), canRecord: () => true, record: device.record }))
vi.mock('../device/photo', async (real) => ({ ...(await real()), photograph: device.photograph }))
vi.mock('../device/barcode', () => ({ canScan: () => true, scan: vi.fn() }))
vi.mock('../device/compass', () => ({ hasCompass: () => true, heading: vi.fn() }))
vi.mock('../device/position', async (real) => ({
  ...(await real()),
  locate: device.locate,
  locateWithin: device.locateWithin,
}))

const root = resolve(import.meta.dirname, '../../../../..')
const wasm = resolve(root, 'web/packages/engine/dist/ruhu.wasm')
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8')
/** The lines of Markdown tables with so many cells, without heads. */
const rows = (text: string, cells: number): string[][] =>
  text
    .split('\n')
    .filter((l) => l.startsWith('|') && !/^\|[\s:-]+\|/.test(l))
    .map((l) => l.slice(1, -1).split('|'))
    .filter((r) => r.length === cells)
    .map((r) => r.map((c) => c.trim()))

interface Line {
  key: string
  appearance: string
  mark: string
  words: string[]
}
const lines: Line[] = rows(read('docs/types.md'), 5)
  .filter(([type]) => type !== 'type')
  .map(([type = '', appearance = '', mark = '', ...words]) => ({
    key: `${type} ${appearance}`.trim(),
    appearance,
    mark,
    words,
  }))

/** What a question of every.md is called in docs/types.md. */
function keyOf(type: string, appearance: string, parameters: string): string {
  const [word = '', list = '', other = ''] = type.split(' ')
  const name = ['begin'].includes(word) ? type : word === 'osm' && list ? 'osm TAGS' : other ? `${word} ${other}` : word
  const look = appearance.replace(/^(columns)-\d+$/, '$1-n').replace(/^(ex|printer):.*$/, '$1:')
  const distinct = parameters
    .split(' ')
    .filter((p) => p && !/^(start|end|step|seed)=/.test(p))
    .map((p) => (p.startsWith('quality=') ? p : p.replace(/=.*/, '')))
  return [name, look, ...distinct].filter(Boolean).join(' ')
}
const questions = rows(read('form/xlsform/testdata/every.md'), 7)
  .filter(([type = '']) => type !== 'type' && !type.startsWith('end ') && type !== '')
  .map(([type = '', name = '', , , look = '', parameters = '']) => ({ name, key: keyOf(type, look, parameters) }))
  // Parts of the table and of the repeat, which stand for nothing of their own.
  .filter(({ name }) => !/^(table_|person_)/.test(name) && (!/^g_/.test(name) || /^g_(text|table)$/.test(name)))
questions.push({ name: 'place_then', key: 'background-geopoint' })

const FILE = 'a'.repeat(64)
const SAMPLES: [RegExp, string][] = [
  [/^integer/, '1234567'],
  [/^decimal/, '12.5'],
  [/^range/, '5'],
  [/^(date|dateTime)/, '2019-07-01'],
  [/^time/, '08:30'],
  [/^select_(one|multiple)_from_file/, '102'],
  [/^(select|rank)/, 'maize'],
  [/^image/, `${FILE}.jpg`],
  [/^audio/, `${FILE}.weba`],
  [/^video/, `${FILE}.mp4`],
  [/^(file|osm)/, `${FILE}.bin`],
  [/^geopoint/, '29.1 109.2 0 55'],
  [/^geo/, '29.1 109.2 0 5; 29.2 109.2 0 5'],
  [/^acknowledge/, 'OK'],
]

let form: CompiledForm
let session: Session
const byName = new Map<string, Control>()
const advance = vi.fn()
const set = vi.fn()

function context(change: Partial<NodeState>): FormContext {
  const filling = reactive({
    node: (ref: string) => ({ ...session.node(ref), ...change }),
    shown: new Set<string>(),
    jots: {},
    set,
    oddity: () => undefined,
    beforeLeaving: () => () => undefined,
    visit: { elsewhere: '' },
  })
  return {
    filling,
    db: { pictures: { get: () => Promise.resolve({ blob: new Blob(['x']) }), put: () => Promise.resolve() } },
    assignment: 'a',
    enumerators: [],
    formCode: '',
    queries: computed(() => []),
    keying: false,
    again: new Set<string>(),
    comments: new Map(),
    advance,
  } as unknown as FormContext
}

function show(control: Control, change: Partial<NodeState> = {}) {
  const provide = { [FORM as symbol]: context(change) }
  return mount(FormQuestion, { props: { control, path: control.ref }, global: { plugins: [i18n], provide } })
}

/** What stands on the screen for it, without an answer and with one. */
async function screen(control: Control, change: Partial<NodeState>, sample: string): Promise<string> {
  let html = ''
  for (const value of ['', sample]) {
    const w = show(control, { ...change, value })
    await flushPromises()
    html += w.html()
    w.unmount()
  }
  return html.replace(/blob:[^"]*/g, 'blob')
}

const RANGE = ['start', 'end', 'step']
/** The same question as if neither appearance nor parameters were written. */
function bare(control: Control): [Control, Partial<NodeState>] {
  const attrs = Object.fromEntries(Object.entries(control.attrs ?? {}).filter(([k]) => RANGE.includes(k)))
  const change: Partial<NodeState> = { ticks: undefined }
  if (control.type === 'select1' || control.type === 'rank') {
    const inOrder = session.node('/data/g_many/many')?.choices ?? []
    const choices = session.node(control.ref)?.choices ?? []
    const at = (v: string) => inOrder.findIndex((c) => c.value === v)
    change.choices = [...choices].sort((a, b) => at(a.value) - at(b.value))
  }
  return [{ ...control, appearance: '', attrs }, change]
}

const control = (key: string): Control => {
  const found = byName.get(questions.find((q) => q.key === key)?.name ?? '')
  if (!found) throw new Error(`no question for ${key}`)
  return found
}
async function choose(key: string, hook: string): Promise<void> {
  const w = show(control(key))
  const input = w.get<HTMLInputElement>(`[data-test="${hook}"]`)
  Object.defineProperty(input.element, 'files', { value: [new File(['x'], 'x')] })
  await input.trigger('change')
  await flushPromises()
}
const press = async (key: string, hook: string) => {
  await show(control(key)).get(`[data-test="${hook}"]`).trigger('click')
  await flushPromises()
}

/** What is carried out and cannot be seen on the screen before somebody acts. */
const PROOFS: { [key: string]: () => Promise<void> | void } = {
  'select_one quick': async () => {
    await show(control('select_one')).get('[data-value="tea"] input').setValue()
    expect(advance).not.toHaveBeenCalled()
    await show(control('select_one quick')).get('[data-value="tea"] input').setValue()
    expect(advance).toHaveBeenCalledWith('/data/g_one/one_quick')
  },
  'select_one or_other': () => {
    expect(session.node('/data/g_one/one_other_other')?.relevant).toBe(false)
    session.set('/data/g_one/one_other', 'other')
    expect(session.node('/data/g_one/one_other_other')?.relevant).toBe(true)
  },
  'image max-pixels': async () => {
    await choose('image', 'photo-file')
    await choose('image max-pixels', 'photo-file')
    expect(device.photograph.mock.calls.map((c: unknown[]) => c[2])).toEqual([1600, 640])
  },
  'audio quality=normal': async () => {
    for (const key of ['audio', 'audio quality=normal', 'audio quality=low', 'audio quality=voice-only'])
      await press(key, 'voice-start')
    expect(device.record.mock.calls.map((c: unknown[]) => c[1])).toEqual([24_000, 64_000, 24_000, 24_000])
  },
  'geopoint capture-accuracy': async () => {
    await press('geopoint', 'position-take')
    expect(device.locateWithin).not.toHaveBeenCalled()
    await press('geopoint capture-accuracy', 'position-take')
    expect(device.locateWithin).toHaveBeenCalledWith(10)
  },
  'begin group field-list': () => {
    const part = (appearance: string): Control => ({ ...control('text'), type: 'group', ref: '/data/part', appearance })
    const whole = (inner: Control): Control[] => [{ ...inner, ref: '/data/whole', appearance: '', children: [inner] }]
    expect(pagesOf(form.body).map((p) => p.key)).toContain('/data/g_text')
    expect(pagesOf(whole(part('field-list'))).map((p) => p.key)).toEqual(['/data/part'])
    expect(pagesOf(whole(part(''))).map((p) => p.key)).toEqual(['/data/whole'])
  },
  'begin group table-list': () => {
    const w = controls(form.body.filter((c) => c.ref === '/data/g_table'))
    expect(w.findAll('[data-test="question"]').map((q) => q.findAll('input').length)).toEqual([2, 2])
    expect(w.findAll('.note-text')).not.toHaveLength(0)
  },
  'begin repeat': () => {
    const w = controls(form.body.filter((c) => c.type === 'group' || c.type === 'repeat').slice(-1))
    expect([w.find('[data-test="repeat-add"]').exists(), w.find('[data-test="repeat-remove"]').exists()]).toEqual([
      true,
      true,
    ])
  },
  calculate: () => expect(session.node('/data/twice')?.value).toBe('42'),
  'csv-external': () => expect(read('form/xlsform/testdata/every.xml')).toContain('<label>石桥村</label>'),
  'xml-external': () => expect(read('form/xlsform/testdata/every.xml')).toContain('<label>入村公路</label>'),
  start: () => expect(session.node('/data/start')?.value).toMatch(/^2026-03-04T10:00/),
  end: () => expect(session.xml()).toMatch(/<end>2026-03-04T/),
  today: () => expect(session.node('/data/today')?.value).toBe('2026-03-04'),
  deviceid: () => expect(session.node('/data/deviceid')?.value).toBe('ruhu:1'),
  username: () => expect(session.node('/data/username')?.value).toBe('e01'),
}
function controls(list: Control[]) {
  const provide = { [FORM as symbol]: context({}) }
  return mount(FormControls, { props: { controls: list, at: (r: string) => r }, global: { plugins: [i18n], provide } })
}

describe.skipIf(!existsSync(wasm))('docs/types.md', () => {
  beforeAll(async () => {
    form = (await loadEngine({ wasmBytes: readFileSync(wasm) })).compile(read('form/xlsform/testdata/every.xml'))
    const walk = (list: Control[]): void =>
      list.forEach((c) => {
        byName.set(c.ref.split('/').pop() ?? '', c)
        walk(c.children)
      })
    walk(form.body)
  })
  beforeEach(() => {
    vi.clearAllMocks()
    device.photograph.mockResolvedValue(new Blob(['x']))
    device.record.mockResolvedValue({ stop: () => Promise.resolve(new Blob(['x'])) })
    for (const locate of [device.locate, device.locateWithin])
      locate.mockResolvedValue({ lat: 1, lon: 2, alt: 0, accuracy: 5, odd: [] })
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => undefined }))
    session = form.open({
      now: '2026-03-04T10:00:00+08:00',
      zone: 'Asia/Shanghai',
      deviceId: 'ruhu:1',
      username: 'e01',
    })
  })

  it('has a line for every question of every.md, and no other', () => {
    expect(lines.map((l) => l.key).sort()).toEqual(questions.map((q) => q.key).sort())
    expect(lines.filter((l) => !/^[●◐○]$/.test(l.mark) || l.words.some((w) => w === ''))).toEqual([])
    expect(lines.length).toBeGreaterThan(110)
  })

  it('gives every question of the form a widget', () => {
    const questions = [...byName.values()].filter((c) => !['group', 'repeat', 'note'].includes(c.type))
    const none = questions.filter((c) => {
      if (c.appearance.split(' ').includes('label')) return false // words only
      const w = show(c)
      const asks = w.find('input, textarea, select, button, canvas').exists()
      w.unmount()
      return !asks
    })
    expect(none.map((c) => c.ref)).toEqual([])
  })

  it.each(lines.map((l) => [l.key, l] as const))('is right about %s', async (key, line) => {
    const proof = PROOFS[key]
    if (proof) {
      expect(line.mark).toBe('●')
      return proof()
    }
    const name = questions.find((q) => q.key === key)?.name ?? ''
    const asked = byName.get(name)
    if (!asked) {
      expect(line.mark, 'nothing shows that it is carried out').not.toBe('●')
      const node = session.state().find((n) => n.ref.endsWith(`/${name}`))
      return expect(node?.value ?? '').toBe('')
    }
    const sample = SAMPLES.find(([type]) => type.test(key))?.[1] ?? '13800000000'
    const shown = await screen(asked, {}, sample)
    if (line.appearance === '') {
      const line = await screen({ ...asked, type: 'input', datatype: 'string', mediatype: undefined }, {}, sample)
      const plain = /^(text|select_one_external)$/.test(key)
      return plain ? expect(shown).toBe(line) : expect(shown).not.toBe(line)
    }
    const [control, change] = bare(asked)
    const ordinary = await screen(control, change, sample)
    if (line.mark === '●') expect(shown).not.toBe(ordinary)
    else expect(shown).toBe(ordinary)
  })
})
