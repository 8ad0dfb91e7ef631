import { loadEngine, type Engine } from '@ruhu/engine'
import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { FINISH, useFilling } from './filling'

const wasm = new URL('../../../../packages/engine/dist/ruhu.wasm', import.meta.url)

const FORM = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
  xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>
  <instance><data id="t" version="1"><any/><list><m><name/><more><job/></more></m></list><end><vouch/></end><meta><instanceID/></meta></data></instance>
  <bind nodeset="/data/meta/instanceID" jr:preload="uid"/>
  <bind nodeset="/data/any" required="true()"/>
  <bind nodeset="/data/list" relevant="/data/any = '1'"/>
  <bind nodeset="/data/list/m/name" required="true()"/>
  <bind nodeset="/data/list/m/more" relevant="../name = 'a'"/></model></h:head>
  <h:body><select1 ref="/data/any"><item><label>是</label><value>1</value></item><item><label>否</label><value>2</value></item></select1>
  <group ref="/data/list" appearance="field-list"><repeat nodeset="/data/list/m"><input ref="/data/list/m/name"/>
    <group ref="/data/list/m/more"><input ref="/data/list/m/more/job"/></group></repeat></group>
  <group ref="/data/end" appearance="field-list"><input ref="/data/end/vouch" appearance="enumerator"/></group></h:body></h:html>`

// The same logic as in filling.spec.ts, over the engine that the phone runs. The build makes it before the tests.
describe.skipIf(!existsSync(wasm))('filling a form with the real engine', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await loadEngine({ wasmBytes: readFileSync(wasm) })
  }, 60_000)

  function open(instance?: string) {
    const form = engine.compile(FORM)
    const drafts: string[] = []
    const session = form.open(instance ? { instance } : {})
    const save = async (xml: string) => void drafts.push(xml)
    return { drafts, filling: useFilling({ form, session, page: null, save }) }
  }

  it('asks in each repeat instance what belongs there, and forgets a removed one', () => {
    const { filling } = open()
    expect(filling.order).toEqual(['/data/any', '/data/end', FINISH])
    filling.set('/data/any', '1')
    while ((filling.node('/data/list/m')?.count ?? 0) < 2) filling.addRepeat('/data/list/m')
    filling.set('/data/list/m[2]/name', 'a')
    const refs = () => filling.visible.find((p) => p.page.key === '/data/list')?.refs
    expect(refs()).toEqual(['/data/list/m[1]/name', '/data/list/m[2]/name', '/data/list/m[2]/more/job'])
    filling.removeRepeat('/data/list/m[1]')
    expect(refs()).toEqual(['/data/list/m[1]/name', '/data/list/m[1]/more/job'])
    expect(filling.node('/data/list/m[1]/name')?.value).toBe('a')
  })

  it('takes into the record what its answers say of who answered, and asks the rest', () => {
    const says = FORM.replace(
      '<select1 ref="/data/any">',
      '<select1 ref="/data/any" ruhu:respondent="1=self">',
    ).replace('xmlns:jr=', 'xmlns:ruhu="https://ruhu.dev/xforms" xmlns:jr=')
    const form = engine.compile(says)
    const open = (instance?: string) =>
      useFilling({ form, session: form.open(instance ? { instance } : {}), page: null, save: async () => undefined })
    const filling = open()
    expect(filling.visit.respondent).toBe('')
    filling.set('/data/any', '1')
    expect(filling.said.respondent).toBe('self')
    expect(filling.xml()).toContain('respondent="self"')
    // They say something else now, and it is asked at the end.
    filling.set('/data/any', '2')
    expect(filling.visit.respondent).toBe('')
    filling.setVisit('respondent', 'registers')
    filling.set('/data/any', '')
    filling.set('/data/any', '2')
    expect(filling.visit.respondent).toBe('registers')
    // What was answered before the form was opened counts, too.
    filling.set('/data/any', '1')
    const xml = filling.xml().replace('respondent="self"', '')
    expect(open(xml).visit.respondent).toBe('self')
  })

  it('keeps how it was filled in with the draft and the record', async () => {
    let ticks = 0
    const clock = { ticks: () => ticks, today: () => new Date(Date.UTC(2026, 2, 2, 1) + ticks), ahead: () => -420_000 }
    const fill = (instance?: string) => {
      const form = engine.compile(FORM)
      const session = form.open(instance ? { instance } : {})
      const drafts: string[] = []
      const save = async (xml: string) => void drafts.push(xml)
      return { session, drafts, filling: useFilling({ form, session, page: instance ? FINISH : null, save, clock }) }
    }
    const first = fill()
    ticks = 4_000
    first.filling.set('/data/any', '2')
    first.filling.go('/data/end')
    ticks = 9_000
    await first.filling.pause()
    const again = fill(first.drafts.at(-1))
    ticks = 10_000
    again.filling.set('/data/any', '1')
    const record = fill(again.filling.xml()).session.paradata()
    expect(record.timings).toEqual([
      { ref: '/data/any', ms: 5_000, edits: 2 },
      { ref: '/data/end/vouch', ms: 5_000, edits: 0 },
    ])
    expect(record.moves).toBe(1)
    expect(record.openings.map((o) => [o.from, o.ms, o.ahead])).toEqual([
      ['2026-03-02T01:00:00.000Z', 9_000, -420_000],
      ['2026-03-02T01:00:09.000Z', 1_000, -420_000],
    ])
  })

  it('goes on from its draft, also with what is not asked at the moment', async () => {
    const { filling, drafts } = open()
    filling.set('/data/any', '1')
    if (filling.node('/data/list/m')?.count === 0) filling.addRepeat('/data/list/m')
    filling.set('/data/list/m[1]/name', 'a')
    filling.set('/data/any', '2')
    const id = filling.instanceId()
    await filling.flush()
    const again = open(drafts.at(-1)).filling
    expect(again.order).toEqual(['/data/any', '/data/end', FINISH])
    again.set('/data/any', '1')
    expect(again.node('/data/list/m[1]/name')?.value).toBe('a')
    expect(id).toMatch(/^uuid:/)
    expect(again.instanceId()).toBe(id)
  })

  it('finds what is open and where', () => {
    const { filling } = open()
    expect(filling.check().map((f) => [f.ref, f.rule, filling.pageOf(f.ref)])).toEqual([
      ['/data/any', 'required', '/data/any'],
    ])
  })

  it('asks one question a page for who likes it so, and keeps what was vouched for', () => {
    const { filling } = open()
    filling.set('/data/any', '1')
    filling.go('/data/list')
    filling.setSingle(true)
    expect(filling.order).toEqual(['/data/any', '/data/list/m', '/data/end/vouch', FINISH])
    expect(filling.current).toBe('/data/list/m')
    filling.go('/data/end/vouch')
    filling.set('/data/end/vouch', '甲')
    filling.setSingle(false)
    expect(filling.current).toBe('/data/end')
    expect(filling.node('/data/end/vouch')?.value).toBe('甲')
  })

  it('opens a draft of the other cut at the same place', () => {
    const form = engine.compile(FORM)
    const page = (p: string, single: boolean) =>
      useFilling({ form, session: form.open({}), page: p, single, save: async () => undefined }).current
    expect(page('/data/end', true)).toBe('/data/end/vouch')
    expect(page('/data/end/vouch', false)).toBe('/data/end')
    expect(page('/data/nowhere', false)).toBe('/data/any')
    expect(page(FINISH, true)).toBe(FINISH)
  })
})
