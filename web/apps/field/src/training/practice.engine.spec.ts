// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { loadEngine, type CompiledForm, type Engine } from '@ruhu/engine'
import { sha256 } from '@ruhu/api'
import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { useFilling } from '../form/filling'
import { keepPicture } from '../form/pictures'
import { pack } from '../session/session'
import type { FieldDb } from '../store/db'
import { once } from '../sync/once'
import { openDb, pkg } from '../test/make'
import { MemoryServer, runWith } from '../test/server'
import { utf8 } from '../vault/bytes'
import type { Material } from './material'
import { practiceDesk, practised } from './practice'

const wasm = `${import.meta.dirname}/../../../../packages/engine/dist/ruhu.wasm`

const FORM = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"
  xmlns:ruhu="https://ruhu.dev/xforms"><h:head><h:title>t</h:title><model>
  <instance><data id="t" version="1"><g><size/><income/><safe/><why/></g><meta><instanceID/></meta></data></instance>
  <bind nodeset="/data/meta/instanceID" jr:preload="uid"/>
  <bind nodeset="/data/g/size" type="int" required="true()" ruhu:prefill="household.size" ruhu:prefillEditable="true()"/>
  <bind nodeset="/data/g/income" type="decimal" ruhu:warning=". &lt; 1000" ruhu:warningMsg="很多，请核实"/>
  <bind nodeset="/data/g/safe" required="true()"/>
  <bind nodeset="/data/g/why" relevant="/data/g/safe = '2'"/></model></h:head>
  <h:body><group ref="/data/g" appearance="field-list"><input ref="/data/g/size"><label>人口</label></input>
  <input ref="/data/g/income"><label>收入</label></input>
  <select1 ref="/data/g/safe"><label>住房安全</label><item><label>是</label><value>1</value></item><item><label>否</label><value>2</value></item></select1>
  <input ref="/data/g/why"><label>原因</label></input></group></h:body></h:html>`

let engine: Engine
vi.mock('../form/engine', () => ({
  theForm: (_: string, xml: string): Promise<CompiledForm> => Promise.resolve(engine.compile(xml)),
  languageOf: () => undefined,
}))

const why = { zh: '看案情', en: 'by the case' }
const stuff: Material = {
  quiz: null,
  households: [
    {
      code: 'first',
      form: 'registered',
      form_hash: 'f1',
      head_name: '练习户甲',
      village: '练习村',
      told: why,
      prefill: { 'household.size': '3' },
      answers: [
        { item: 'income', value: '2000', why },
        { item: 'safe', value: '1', why },
        { item: 'why', value: 'x', why },
      ],
    },
  ],
}

describe.skipIf(!existsSync(wasm))('practice', () => {
  let db: FieldDb
  let server: MemoryServer
  beforeAll(async () => {
    engine = await loadEngine({ wasmBytes: readFileSync(wasm) })
  }, 60_000)
  beforeEach(async () => {
    db = await openDb()
    server = new MemoryServer()
    const json = JSON.stringify(stuff)
    const hash = await sha256(utf8(json))
    await db.materials.put({ hash, json })
    await db.blanks.put({ hash: 'f1', xml: FORM })
    const { campaign } = pkg()
    server.package = pkg({ assignments: [], campaign: campaign && { ...campaign, training: hash } })
    pack.value = server.package
    await once(db, runWith(server), false)
    server.calls = []
  })

  /** Every row as it lies on the disk: sealed with a new nonce at every write. */
  const disk = async () => JSON.stringify(await db.rows.toArray())

  async function filled() {
    const desk = practiceDesk(db, { id: 'u1', account: 'e01', name: '甲' } as never, 'first')
    const o = await desk.open('zh')
    const filling = useFilling({
      form: o.form,
      session: o.session,
      page: null,
      save: (xml, page) => desk.keep(o, xml, page),
    })
    return { desk, o, filling }
  }

  it('writes nothing on the phone and sends nothing, whatever is done', async () => {
    const before = await disk()
    const { desk, o, filling } = await filled()
    await desk.placed(true)
    filling.set('/data/g/safe', '2')
    filling.set('/data/g/why', await keepPicture(desk.db, desk.key, new Blob(['x'], { type: 'image/jpeg' })))
    await desk.say({ item: 'q', action: 'ask', text: '怎么填', ref: '/data/g/safe', label: '住房安全' })
    expect(desk.queries.value).toHaveLength(1)
    await filling.pause()
    await desk.handIn(o, filling)
    await desk.placed(false)
    expect(await disk()).toBe(before)
    expect(await db.unsent()).toEqual({ queued: 0, drafts: 0, media: 0 })
    await once(db, runWith(server), true)
    expect(server.calls).toEqual(['manifest known', 'sent ']) // it asks what is new, as ever
    expect(server.sentForms).toEqual([])
  })

  it('says at the end what a reviewer would, and how the items should have been filled in', async () => {
    const { desk, o, filling } = await filled()
    filling.set('/data/g/size', '4')
    filling.set('/data/g/income', '2000.00')
    await desk.handIn(o, filling)
    expect(practised.value?.remarks.map((r) => `${r.kind} ${r.label}`)).toEqual([
      'warning 收入',
      'error 住房安全',
      'correction 人口',
    ])
    expect(practised.value?.answers.map((a) => [a.given, a.model, a.same])).toEqual([
      ['2000.00', '2000', true],
      ['', '是', false],
      ['', 'x', false],
    ])
    filling.confirm('/data/g/income', '嗯')
    filling.set('/data/g/safe', '1')
    filling.verify('/data/g/size', '多了一个孩子')
    await desk.handIn(o, filling)
    expect(practised.value?.remarks).toEqual([{ kind: 'thin', label: '收入', text: '嗯' }])
    filling.confirm('/data/g/income', '查过一卡通流水')
    await desk.handIn(o, filling)
    expect(practised.value?.remarks).toEqual([])
  })

  it('begins anew each time, with what the base list would have', async () => {
    const first = await filled()
    first.filling.set('/data/g/safe', '1')
    const { filling } = await filled()
    expect(filling.node('/data/g/safe')?.value).toBe('')
    expect(filling.node('/data/g/size')?.value).toBe('3')
  })
})
