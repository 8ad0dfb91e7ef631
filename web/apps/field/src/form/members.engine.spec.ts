// @vitest-environment happy-dom
import { loadEngine, type Engine } from '@ruhu/engine'
import { mount } from '@vue/test-utils'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { computed } from 'vue'
import { i18n } from '../locale'
import { FORM, type FormContext } from './context'
import { useFilling } from './filling'
import FormControls from './FormControls.vue'
import FormSkipped from './FormSkipped.vue'

const wasm = resolve(import.meta.dirname, '../../../../packages/engine/dist/ruhu.wasm')

const XML = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"
  xmlns:ruhu="https://ruhu.dev/xforms"><h:head><h:title>t</h:title><model><instance><data id="t" version="1"><size/><village/><people>
  <m jr:template=""><name/><relation/><state/><why/></m></people><meta><instanceID/></meta></data></instance>
  <bind nodeset="/data/size" type="int" ruhu:prefill="household.size" ruhu:prefillEditable="true()"/>
  <bind nodeset="/data/village" ruhu:prefill="household.village"/>
  <bind nodeset="/data/people/m/name" required="true()" ruhu:prefill="member.name"/>
  <bind nodeset="/data/people/m/relation" ruhu:prefill="member.relation"/>
  <bind nodeset="/data/people/m/why" relevant="../state = 'moved' or ../state = 'died'" required="true()"/></model></h:head>
  <h:body><input ref="/data/size"><label>人口</label></input><input ref="/data/village"><label>村</label></input><group ref="/data/people" appearance="field-list">
  <repeat nodeset="/data/people/m"><input ref="/data/people/m/name"><label>姓名</label></input>
  <input ref="/data/people/m/relation"><label>关系</label></input>
  <select1 ref="/data/people/m/state" appearance="member-state"><label>状态</label><item><label>常住</label><value>here</value></item>
  <item><label>迁出</label><value>moved</value></item><item><label>死亡</label><value>died</value></item></select1>
  <input ref="/data/people/m/why"><label>原因</label></input></repeat></group></h:body></h:html>`
const PREFILL = {
  'household.size': '2',
  'household.village': '下湾村',
  'member[1].name': '甲',
  'member[1].relation': '户主',
  'member[2].name': '乙',
  'member[2].relation': '之子',
}

describe.skipIf(!existsSync(wasm))('the members of a household', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await loadEngine({ wasmBytes: readFileSync(wasm) })
  }, 60_000)

  function show(path: 'people' | 'size' | 'village') {
    const form = engine.compile(XML)
    const filling = useFilling({
      form,
      session: form.open({ prefill: PREFILL }),
      page: null,
      save: async () => undefined,
    })
    const context = {
      filling,
      db: {},
      assignment: 'a',
      comments: new Map(),
      enumerators: [],
      formCode: '',
      queries: computed(() => []),
      keying: false,
      again: new Set<string>(),
    } as unknown as FormContext
    const provide = { plugins: [i18n], provide: { [FORM as symbol]: context } }
    const controls = form.body.filter((c) => c.ref.endsWith(path))
    const w = mount(FormControls, {
      props: { controls, at: (r: string) => r },
      global: provide,
      attachTo: document.body,
    })
    return { w, filling, provide }
  }

  it('stand in a table, those of the base list and those who came', async () => {
    const { w, filling } = show('people')
    expect(w.findAll('[data-test="member"]').map((m) => m.get('tr').text())).toEqual([
      expect.stringContaining('甲户主底册'),
      expect.stringContaining('乙之子底册'),
    ])
    await w.get('[data-test="repeat-add"]').trigger('click')
    expect(filling.node('/data/people/m')?.count).toBe(3)
    const third = w.findAll('[data-test="member"]')[2]
    expect(third?.get('[data-test="member-state"]').text()).toBe('未填完')
    expect(third?.find('[data-test="member-marks"]').exists()).toBe(false)
    await third?.get('[data-test="repeat-remove"]').trigger('click')
    expect(filling.node('/data/people/m')?.count).toBe(2)
    w.unmount()
  })

  it('are marked with a reason, never deleted, when the base list knows them', async () => {
    const { w, filling } = show('people')
    const second = () => w.findAll('[data-test="member"]')[1]
    await second()?.get('[data-test="member-open"]').trigger('click')
    expect(second()?.find('[data-test="repeat-remove"]').exists()).toBe(false)
    await second()?.get('[data-value="died"]').trigger('click')
    expect(filling.open(['/data/people/m[2]/why'])).toEqual(['/data/people/m[2]/why'])
    expect(second()?.get('[data-test="member-state"]').text()).toBe('未填完')
    await second()?.get('[data-name="why"] input').setValue('2020年3月病故')
    expect(second()?.get('[data-test="member-state"]').text()).toBe('死亡')
    expect(filling.xml()).toContain('<state>died</state><why>2020年3月病故</why>')
    w.unmount()
  })

  it('open when somebody jumps to one of them', async () => {
    const { w, filling } = show('people')
    filling.wanted = '/data/people/m[2]/relation'
    await w.vm.$nextTick()
    expect(w.findAll('[data-test="member-open"]').map((b) => b.attributes('aria-expanded'))).toEqual(['false', 'true'])
    w.unmount()
  })

  it('an answer of the base list is confirmed, or corrected for a reason', async () => {
    const { w, filling } = show('size')
    expect(w.get('[data-test="transcribed"]').text()).toContain('底册：2')
    await w.get('[data-test="transcribed-right"]').trigger('click')
    expect(filling.node('/data/size')?.transcribed?.checked).toBe(true)
    await w.get('input').trigger('focus')
    await w.get('input').setValue('3')
    await w.get('input').trigger('blur')
    expect(filling.open(['/data/size'])).toEqual(['/data/size'])
    await w.get('[data-test="transcribed-reason"]').setValue('新生一人')
    await w.get('[data-test="transcribed-correct"]').trigger('click')
    expect(filling.open(['/data/size'])).toEqual([])
    expect(filling.xml()).toContain('was="2">新生一人<')
    w.unmount()
  })

  it('a locked answer of the base list is said to be wrong, and stays', async () => {
    const { w, filling } = show('village')
    const fact = w.get('[data-test="fact"]')
    await fact.get('[data-test="doubt-open"]').trigger('click')
    await fact.get('[data-test="doubt-text"]').setValue('去年并入上湾村')
    expect(fact.get('[data-test="doubt-kept"]').text()).toContain('去年并入上湾村')
    expect(filling.xml()).toContain('<village>下湾村</village>')
    expect(filling.xml()).toContain('was="下湾村">去年并入上湾村<')
    await fact.get('[data-test="doubt-back"]').trigger('click')
    expect(filling.xml()).not.toContain('上湾村')
    w.unmount()
  })

  it('what is not asked is explained by the answers that decide', async () => {
    const { w, filling, provide } = show('people')
    const s = mount(FormSkipped, { props: { filling }, global: provide })
    await s.get('[data-ref="/data/people/m[1]/why"]').trigger('click')
    expect(s.get('[data-test="why-answer"]').text()).toContain('状态')
    await s.get('[data-test="why-answer"]').trigger('click')
    expect(s.emitted('jump')).toEqual([['/data/people/m[1]/state']])
    s.unmount()
    w.unmount()
  })
})
