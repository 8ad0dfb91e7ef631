// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { loadEngine, type CompiledForm, type Engine } from '@ruhu/engine'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FieldDb } from '../store/db'
import { assignment, openDb, pkg } from '../test/make'
import { together } from './carry'
import { openForm } from './open'
import { commentsByRef, keepDraft } from './record'

const wasm = resolve(import.meta.dirname, '../../../../packages/engine/dist/ruhu.wasm')

let engine: Engine
vi.mock('./engine', () => ({
  languageOf: () => undefined,
  theForm: async (_: string, xml: string): Promise<CompiledForm> => engine.compile(xml),
}))

const form = (version: string, questions: string, more = ''): string => `<h:html
  xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>
  <instance><data id="t" version="${version}">${questions
    .split(' ')
    .map((q) => `<${q}/>`)
    .join('')}<g><vouch/></g><meta><instanceID/></meta></data></instance>
  <bind nodeset="/data/meta/instanceID" jr:preload="uid"/>${more}</model></h:head><h:body>${questions
    .split(' ')
    .map((q) => `<input ref="/data/${q}"><label>${q}</label></input>`)
    .join('')}<group ref="/data/g"><input ref="/data/g/vouch" appearance="enumerator"/></group></h:body></h:html>`

const me = { id: 'u1', account: 'e01', name: '甲' } as Parameters<typeof openForm>[2]
const back = { level: 'supervisor', note: '改', by_name: '督导', at: '', revision: 1, comments: [] }

describe.skipIf(!existsSync(wasm))('a form that got another version', () => {
  let db: FieldDb
  beforeAll(async () => {
    engine = await loadEngine({ wasmBytes: readFileSync(wasm) })
  }, 60_000)
  beforeEach(async () => {
    db = await openDb()
    await db.blanks.put({ hash: 'f1', xml: form('1', 'a b') })
  })

  const open = (form_hash: string, over = {}) =>
    openForm(db, pkg({ assignments: [assignment({ form_hash, ...over })] }), me, 'a1', 'zh')

  /** A draft of version 1, with a vouched answer. */
  async function begin(): Promise<void> {
    const o = await open('f1')
    for (const [ref, v] of [
      ['/data/a', '1'],
      ['/data/b', '村东'],
      ['/data/g/vouch', 'u1'],
    ] as const)
      o.session.set(ref, v)
    await keepDraft(db, 'a1', o, o.session.draft(), '/data/b')
  }

  it('is carried over when it is opened, and nothing is written before somebody has seen it', async () => {
    await begin()
    const before = await db.drafts.get('a1')
    await db.blanks.put({ hash: 'f2', xml: form('2', 'a c') })
    const o = await open('f2')
    expect([o.news, o.formHash, o.form.version, o.page]).toEqual([true, 'f2', '2', '/data/b'])
    expect(o.carried?.differences.map((d) => [d.kind, d.label, d.answer])).toEqual([
      ['gone', 'b', '村东'],
      ['new', 'c', ''],
    ])
    expect([o.session.node('/data/a')?.value, o.session.node('/data/g/vouch')?.value]).toEqual(['1', ''])
    expect(await db.drafts.get('a1')).toEqual(before)

    await keepDraft(db, 'a1', o, o.session.draft(), '')
    const again = await open('f2')
    expect([again.news, again.formHash]).toEqual([false, 'f2'])
    expect(again.carried?.differences).toHaveLength(2)

    // A third version: what the second one lost stays in sight.
    await db.blanks.put({ hash: 'f3', xml: form('3', 'a d') })
    const third = await open('f3')
    expect(third.carried?.differences.map((d) => [d.kind, d.label])).toEqual([
      ['gone', 'b'],
      ['new', 'd'],
    ])
    expect([third.carried?.from, third.carried?.to]).toEqual(['1', '3'])
  })

  it('goes on with the version it was begun with while the newer one is not on the phone', async () => {
    await begin()
    const o = await open('f2')
    expect([o.news, o.formHash, o.session.node('/data/b')?.value]).toEqual([false, 'f1', '村东'])
  })

  it('is carried over without a word when nothing about it changes', async () => {
    await begin()
    await db.blanks.put({
      hash: 'f2',
      xml: form('2', 'a b').replace('<bind', '<bind nodeset="/data/a" required="true()"/><bind'),
    })
    const o = await open('f2')
    expect([o.news, o.formHash, o.session.node('/data/g/vouch')?.value]).toEqual([false, 'f2', 'u1'])
  })

  it('is carried over when it was returned, its comments with their questions', async () => {
    await begin()
    const xml = (await db.drafts.get('a1'))?.xml ?? ''
    await db.drafts.delete('a1')
    await db.returned.put({ assignment: 'a1', revision: 1, xml, form_hash: 'f1' })
    await db.blanks.put({
      hash: 'f2',
      xml: form('2', 'a')
        .replace('<g>', '<g><b/>')
        .replace('<group ref="/data/g">', '<group ref="/data/g"><input ref="/data/g/b"><label>b</label></input>'),
    })
    const comments = [{ id: 'c1', ref: '/data/b', text: '核对', by_name: '督导', at: '', thread: [] }]
    const over = { state: 'returned', returned: { ...back, comments } as never }
    const o = await open('f2', over)
    expect([o.news, o.base, o.formHash]).toEqual([true, 1, 'f2'])
    expect(o.carried?.differences.map((d) => [d.kind, d.ref, d.answer, d.lost])).toEqual([
      ['moved', '/data/g/b', '村东', false],
    ])
    const p = pkg({ assignments: [assignment({ form_hash: 'f2', ...over })] })
    expect([...commentsByRef(p, 'a1', o.carried?.moved).keys()]).toEqual(['/data/g/b'])
  })

  it('that the engine cannot carry over stays what it is', async () => {
    await begin()
    await db.blanks.put({ hash: 'f2', xml: form('2', 'a c').replace('id="t"', 'id="other"') })
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    expect((await open('f2')).formHash).toBe('f1')
    vi.restoreAllMocks()
  })

  it('keeps where questions went over several versions', () => {
    const c = (moved: Record<string, string>) => ({ from: '1', to: '2', differences: [], moved })
    expect(together(c({ '/a': '/b' }), c({ '/b': '/c', '/x': '/y' })).moved).toEqual({
      '/a': '/c',
      '/b': '/c',
      '/x': '/y',
    })
  })
})
