// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { loadEngine, type Engine } from '@ruhu/engine'
import type { Me } from '@ruhu/api'
import { mount, type VueWrapper } from '@vue/test-utils'
import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed } from 'vue'
import { i18n } from '../locale'
import { me } from '../session/session'
import type { FieldDb } from '../store/db'
import { openDb, pkg } from '../test/make'
import { FORM as KEY, type FormContext } from './context'
import { useFilling } from './filling'
import FormFinish from './FormFinish.vue'
import FormQuestion from './FormQuestion.vue'
import { openForm, type Opened } from './open'
import { keepDraft } from './record'

const wasm = `${import.meta.dirname}/../../../../packages/engine/dist/ruhu.wasm`

const FORM = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"
  xmlns:ruhu="https://ruhu.dev/xforms"><h:head><h:title>t</h:title><model>
  <instance><data id="t" version="1"><size/><income/><meta><instanceID/></meta></data></instance>
  <bind nodeset="/data/meta/instanceID" jr:preload="uid"/>
  <bind nodeset="/data/size" type="int" ruhu:prefill="household.size" ruhu:prefillEditable="true()"/>
  <bind nodeset="/data/income" type="int" ruhu:warning=". &lt; 1000" ruhu:warningMsg="很多，请核实"/></model></h:head>
  <h:body><input ref="/data/size"><label>人口</label></input><input ref="/data/income"><label>收入</label></input></h:body></h:html>`

let engine: Engine
vi.mock('./engine', () => ({
  theForm: (_: string, xml: string) => Promise.resolve(engine.compile(xml)),
  languageOf: () => undefined,
}))

const comment = { id: 'c1', ref: '/data/income', text: '请再问一次', by_name: '督导员', at: '' }
const say = vi.fn(() => Promise.resolve())

// Beside the answers: reasons, replies, queries. Over the engine and the store of the phone.
describe.skipIf(!existsSync(wasm))('a text that is typed beside an answer', () => {
  let db: FieldDb
  let o: Opened
  let filling: ReturnType<typeof useFilling>
  let shown: VueWrapper[]

  beforeAll(async () => {
    engine = await loadEngine({ wasmBytes: readFileSync(wasm) })
  }, 60_000)
  beforeEach(async () => {
    say.mockClear()
    me.value = { id: 'u1', account: 'e01', name: '调查员甲' } as Me
    db = await openDb()
    await db.blanks.put({ hash: 'f1', xml: FORM })
    shown = []
    await begin()
    filling.set('/data/size', '4')
    filling.set('/data/income', '5000')
  })
  afterEach(() => shown.forEach((w) => w.unmount()))

  async function begin(): Promise<void> {
    const opened = await openForm(db, pkg(), { id: 'u1', account: 'e01' } as Me, 'a1', 'zh')
    o = opened
    const { form, session, page, jots } = opened
    const save = (xml: string, at: string, j: typeof jots) => keepDraft(db, 'a1', opened, xml, at, j)
    filling = useFilling({ form, session, page, jots, save })
  }
  const context = (): FormContext =>
    ({
      filling,
      db,
      assignment: 'a1',
      enumerators: [],
      formCode: 'registered',
      queries: computed(() => []),
      say,
      practice: false,
      keying: false,
      again: new Set(),
      comments: new Map([['/data/income', [comment]]]),
    }) as unknown as FormContext
  function show(ref: string) {
    const control = o.form.body.find((c) => c.ref === ref)
    const provide = { [KEY as symbol]: context() }
    const w = mount(FormQuestion, {
      props: { control: control as never, path: ref },
      global: { plugins: [i18n], provide },
      attachTo: document.body,
    })
    shown.push(w)
    return {
      w,
      at: (hook: string) => w.find<HTMLTextAreaElement>(`[data-test="${hook}"]`),
      type: async (hook: string, text: string) => {
        await w.get(`[data-test="${hook}"]`).setValue(text)
      },
    }
  }
  /** The page is killed: what is on the disk is all there is. Nothing of the old page says goodbye. */
  async function die(): Promise<void> {
    await filling.flush()
    await begin()
  }

  it.each([
    ['reason', '/data/income', 'reason'],
    ['correction', '/data/size', 'transcribed-reason'],
    ['reply', '/data/income', 'reply-text'],
    ['query', '/data/income', 'query-text'],
  ])('%s: is there again after the page was killed in the middle of it', async (kind, ref, hook) => {
    const first = show(ref)
    if (kind === 'reply' || kind === 'query') await first.w.get(`[data-test="${kind}-open"]`).trigger('click')
    await first.type(hook, '核实过，因')
    await die()
    expect(show(ref).at(hook).element.value).toBe('核实过，因')
    // Half a reason is none: the question is still open.
    expect(filling.open(['/data/income', '/data/size'])).toContain(ref)
  })

  it('reason: is the form’s when its box is left, and nothing moves then', async () => {
    const q = show('/data/income')
    await q.type('reason', '  ')
    await q.at('reason').trigger('blur')
    expect(filling.open(['/data/income'])).toEqual(['/data/income'])
    await q.type('reason', ' 打工收入 ')
    await q.at('reason').trigger('blur')
    expect(filling.node('/data/income')?.warning?.reason).toBe('打工收入')
    expect([q.at('reason').exists(), q.at('warning').attributes('data-confirmed'), filling.jots]).toEqual([
      true,
      'true',
      {},
    ])
    await q.at('confirm-warning').trigger('click')
    expect(q.at('reason').exists()).toBe(false)
    await die()
    expect(show('/data/income').at('warning').text()).toContain('打工收入')
  })

  it('correction and reply: are the form’s when the page is turned, also where a tap does not take the focus away', async () => {
    const [size, income] = [show('/data/size'), show('/data/income')]
    await size.type('transcribed-reason', '新生一人')
    await income.w.get('[data-test="reply-open"]').trigger('click')
    await income.type('reply-text', '问了本人')
    expect(size.at('transcribed-reason').exists()).toBe(true)
    shown.splice(0).forEach((w) => w.unmount())
    expect(filling.node('/data/size')?.transcribed).toMatchObject({ checked: true, reason: '新生一人' })
    expect([filling.replies, filling.jots]).toEqual([{ c1: '问了本人' }, {}])
  })

  it('reason: for an answer that is corrected meanwhile goes with its warning', async () => {
    const q = show('/data/income')
    await q.type('reason', '打工')
    filling.set('/data/income', '500')
    await q.w.vm.$nextTick()
    expect([q.at('warning').exists(), filling.node('/data/income')?.warning ?? null]).toEqual([false, null])
  })

  it('correction: is asked for again when the answer is another one', async () => {
    const q = show('/data/size')
    await q.type('transcribed-reason', '新生一人')
    await q.at('transcribed-reason').trigger('blur')
    filling.set('/data/size', '5')
    await q.w.vm.$nextTick()
    expect([q.at('transcribed-reason').element.value, filling.jots]).toEqual(['', {}])
  })

  it('query: waits until it is sent; the last page says so; who cancels it has done with it', async () => {
    const q = show('/data/income')
    await q.w.get('[data-test="query-open"]').trigger('click')
    await q.type('query-text', '算不算？')
    shown.splice(0).forEach((w) => w.unmount())
    await die()
    const finish = mount(FormFinish, {
      props: { filling, carried: null, busy: false } as never,
      global: { plugins: [i18n], provide: { [KEY as symbol]: context() } },
    })
    shown.push(finish)
    expect(finish.get('[data-test="finish-typed"]').text()).toContain('算不算？')
    const again = show('/data/income')
    await again.at('query-send').trigger('click')
    expect(say).toHaveBeenCalledWith(expect.objectContaining({ text: '算不算？', ref: '/data/income' }))
    await vi.waitFor(() => expect(filling.jots).toEqual({}))
    expect(finish.find('[data-test="finish-typed"]').exists()).toBe(false)
    await again.w.get('[data-test="query-open"]').trigger('click')
    await again.type('query-text', 'x')
    await again.w.get('[data-test="query-cancel"]').trigger('click')
    expect(filling.jots).toEqual({})
  })

  it('goes with the form that is handed in, although nobody finished it', async () => {
    const [size, income] = [show('/data/size'), show('/data/income')]
    await size.type('transcribed-reason', '新生')
    await income.type('reason', '打工')
    await die()
    await income.w.get('[data-test="reply-open"]').trigger('click')
    filling.jot('reply c1', '问了')
    const xml = filling.xml()
    for (const words of ['新生', '打工', '问了']) expect(xml).toContain(words)
  })

  it('is written by the lock, and by it alone: a page that goes after its form has ended says nothing', async () => {
    const q = show('/data/income')
    await q.type('reason', '打工')
    await filling.pause()
    filling.end()
    shown.splice(0).forEach((w) => w.unmount())
    expect((await db.drafts.get('a1'))?.jots).toEqual({ 'reason /data/income': '打工' })
  })
})
