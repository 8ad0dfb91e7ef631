import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { EngineError, loadEngine, type Engine, type NodeState, type Session } from './index'

const wasm = new URL('../dist/ruhu.wasm', import.meta.url)

const FORM = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
  xmlns:jr="http://openrosa.org/javarosa" xmlns:ruhu="https://ruhu.dev/xforms"><h:head><h:title>小表</h:title><model>
  <itext><translation lang="中文 (zh)"><text id="n"><value>人数</value></text></translation>
  <translation lang="English (en)"><text id="n"><value>Persons</value></text></translation></itext>
  <instance><data id="small" version="3"><name/><n/><pupil/><school/><m><age/></m><total/><day/><meta><instanceID/></meta></data></instance>
  <bind nodeset="/data/name" ruhu:prefill="household.head_name" ruhu:pii="name"/>
  <bind nodeset="/data/n" type="int" required="true()" constraint=". &gt; 0" jr:constraintMsg="至少一人"
    ruhu:warning=". &lt; 15" ruhu:warningMsg="人数很多，请核实"/>
  <bind nodeset="/data/school" relevant="/data/pupil = '1'"/>
  <bind nodeset="/data/m/age" type="int"/>
  <bind nodeset="/data/total" calculate="sum(/data/m/age)"/>
  <bind nodeset="/data/day" type="date" calculate="today()"/>
  <bind nodeset="/data/meta/instanceID" jr:preload="uid"/></model></h:head>
  <h:body><input ref="/data/name"/><input ref="/data/n"><label ref="jr:itext('n')"/></input>
  <select1 ref="/data/pupil"><item><label>是</label><value>1</value></item><item><label>否</label><value>2</value></item></select1>
  <group appearance="field-list"><label>学校</label><input ref="/data/school"/></group>
  <repeat nodeset="/data/m"><input ref="/data/m/age"/></repeat></h:body></h:html>`

/** Runs against the built engine; `make` builds it before the tests. */
describe.skipIf(!existsSync(wasm))('the engine in WebAssembly', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await loadEngine({ wasmBytes: readFileSync(wasm) })
  }, 60_000)

  const open = (options = {}): Session => engine.compile(FORM).open(options)
  const at = (s: Session, ref: string): NodeState => {
    const n = s.node(ref)
    if (!n) throw new Error(`no node ${ref}`)
    return n
  }

  it('describes a compiled form', () => {
    const f = engine.compile(FORM)
    expect([f.id, f.version, f.title, f.languages]).toEqual(['small', '3', '小表', ['中文 (zh)', 'English (en)']])
    expect(f.body.map((c) => [c.type, c.ref])).toEqual([
      ['input', '/data/name'],
      ['input', '/data/n'],
      ['select1', '/data/pupil'],
      ['group', ''],
      ['repeat', '/data/m'],
    ])
    expect(f.body[3]?.appearance).toBe('field-list')
    expect(f.body[3]?.children[0]?.ref).toBe('/data/school')
  })

  it('follows a jump and tells only what has changed', () => {
    const s = open()
    expect(at(s, '/data/school').relevant).toBe(false)
    const c = s.set('/data/pupil', '1')
    expect(c.changed.map((n) => n.ref).sort()).toEqual(['/data/pupil', '/data/school'])
    expect(at(s, '/data/school').relevant).toBe(true)
    expect(at(s, '/data/pupil').choices?.map((x) => x.label)).toEqual(['是', '否'])
  })

  it('flags a broken constraint and a doubtful answer, and takes a reason', () => {
    const s = open()
    s.set('/data/n', '0')
    expect(at(s, '/data/n').error).toEqual({ rule: 'constraint', message: '至少一人' })
    s.set('/data/n', '20')
    expect(at(s, '/data/n').warning).toEqual({ message: '人数很多，请核实', reason: '' })
    expect(s.check()).toMatchObject([{ ref: '/data/n', rule: 'warning', severity: 'warning', reason: '' }])
    s.confirm('/data/n', '四代同堂')
    expect(s.check()[0]?.reason).toBe('四代同堂')
    expect(s.xml()).toMatch(/<ruhu:note [^>]*ref="\/data\/n">四代同堂<\/ruhu:note>/)
    s.set('/data/n', '21')
    expect(at(s, '/data/n').warning?.reason).toBe('')
  })

  it('adds and removes repeat instances and sums over them', () => {
    const s = open()
    s.addRepeat('/data/m')
    s.addRepeat('/data/m')
    s.set('/data/m[1]/age', '1')
    s.set('/data/m[2]/age', '2')
    s.set('/data/m[3]/age', '4')
    expect(at(s, '/data/total').value).toBe('7')
    const c = s.removeRepeat('/data/m[1]')
    expect(c.removed).toContain('/data/m[3]/age')
    expect(at(s, '/data/m[1]/age').value).toBe('2')
    expect(at(s, '/data/total').value).toBe('6')
    expect(at(s, '/data/m').count).toBe(2)
  })

  it('transcribes and locks register values', () => {
    const s = open({ prefill: { 'household.head_name': '某某' } })
    expect(at(s, '/data/name')).toMatchObject({ value: '某某', readonly: true, prefilled: true, pii: 'name' })
    expect(() => s.set('/data/name', 'x')).toThrow(EngineError)
  })

  it('takes a confirmation of a register value, and says why a question is not asked', () => {
    const s = open({ prefill: { 'household.head_name': '某某' } })
    expect(at(s, '/data/name').transcribed).toEqual({
      key: 'household.head_name',
      was: '某某',
      checked: false,
      reason: '',
    })
    s.verify('/data/name', '')
    expect(at(s, '/data/name').transcribed?.checked).toBe(true)
    s.verify('/data/name', '同音字')
    expect(at(s, '/data/name')).toMatchObject({ value: '某某', transcribed: { reason: '同音字' } })
    expect(() => s.verify('/data/n', '')).toThrow(EngineError)
    const why = s.why('/data/school')
    expect(why?.expr).toBe("/data/pupil = '1'")
    expect(s.why('/data/n')).toBeUndefined()
  })

  it('keeps how an answer was confirmed until the answer changes', () => {
    const s = open()
    const vouch = { account: 'a1', method: 'badge', at: '2026-03-02T08:00:00.000Z', token: 'RUHU1:ABC' } as const
    s.set('/data/n', '3')
    s.setVouch('/data/n', vouch)
    const written =
      /<ruhu:vouch [^>]*ref="\/data\/n" account="a1" method="badge" at="2026-03-02T08:00:00.000Z">RUHU1:ABC</
    expect(s.xml()).toMatch(written)
    expect(open({ instance: s.draft() }).xml()).toMatch(written)
    s.set('/data/n', '4')
    expect(s.xml()).not.toContain('ruhu:vouch')
    s.setVouch('/data/n', { ...vouch, method: 'pin', token: '' })
    expect(s.xml()).toContain('method="pin"')
    expect(() => s.setVouch('/data/school', vouch)).toThrow(EngineError)
  })

  it('goes on with a draft', () => {
    const s = open()
    s.set('/data/pupil', '1')
    s.set('/data/school', '村小')
    s.set('/data/pupil', '2')
    expect(s.xml()).not.toContain('村小')
    const t = open({ instance: s.draft() })
    t.set('/data/pupil', '1')
    expect(at(t, '/data/school').value).toBe('村小')
  })

  it('carries a draft over to another version of its form', () => {
    const old = engine.compile(FORM)
    const now = engine.compile(
      FORM.replace('<school/>', '<pony/>')
        .replace('version="3"', 'version="4"')
        .replaceAll('/data/school', '/data/pony'),
    )
    const s = old.open({})
    s.set('/data/n', '3')
    s.set('/data/pupil', '1')
    s.set('/data/school', '村小')
    const m = now.migrate(old, { instance: s.draft() })
    expect(at(m.session, '/data/n').value).toBe('3')
    expect(m.session.xml()).toContain('version="4"')
    expect(m.differences.map((d) => [d.kind, d.was, d.ref, d.answer, d.lost])).toEqual([
      ['gone', '/data/school', '', '村小', true],
      ['new', '', '/data/pony', '', false],
    ])
    expect(m.moved).toEqual({})
    expect(() => now.migrate(old, { instance: '<data' })).toThrow(EngineError)
  })

  it('takes the day from the zone of the survey', () => {
    const s = open({ now: '2020-04-13T20:00:00Z', zone: 'Asia/Shanghai' })
    expect(at(s, '/data/day').value).toBe('2020-04-14')
  })

  it('speaks the language asked for', () => {
    const s = open()
    expect(at(s, '/data/n').label).toBe('人数')
    const c = s.setLanguage('English (en)')
    expect(c.changed.some((n) => n.label === 'Persons')).toBe(true)
  })

  it('takes choices from an attached list', () => {
    const xml = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model>
      <instance><data id="a"><v/></data></instance><instance id="villages" src="jr://file/villages.csv"/></model></h:head><h:body>
      <select1 ref="/data/v"><itemset nodeset="instance('villages')/root/item[open = '1']"><value ref="code"/><label ref="name"/></itemset>
      </select1></h:body></h:html>`
    const csv = 'code,name,open\n01,甲村,1\n02,乙村,0\n'
    const s = engine.compile(xml, { 'jr://file/villages.csv': csv }).open({})
    expect(at(s, '/data/v').choices).toEqual([{ value: '01', label: '甲村' }])
    expect(at(engine.compile(xml).open({}), '/data/v').choices).toEqual([])
  })

  it('counts progress', () => {
    const s = open()
    expect(s.progress()).toEqual({ answered: 0, total: 4 })
    s.set('/data/n', '3')
    expect(s.progress().answered).toBe(1)
  })

  it('explains what is wrong with a form and goes on', () => {
    expect(() => engine.compile('<html/>')).toThrow(EngineError)
    try {
      engine.compile(FORM.replace('sum(/data/m/age)', 'sum('))
    } catch (e) {
      expect((e as EngineError).code).toBe('xform.expression')
      expect((e as EngineError).details[0]?.path).toBe('/data/total/@calculate')
    }
    expect(open().state().length).toBeGreaterThan(8)
  })

  it('refuses calls on a closed session', () => {
    const s = open()
    s.close()
    expect(() => s.state()).toThrow(EngineError)
  })
})
