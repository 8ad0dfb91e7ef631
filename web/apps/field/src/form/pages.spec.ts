import type { Control, NodeState } from '@ruhu/engine'
import { describe, expect, it } from 'vitest'
import { pagesOf, questions, singlePages } from './pages'

const q = (ref: string): Control => ({ ref, type: 'input', datatype: 'string', appearance: '', children: [] })
const g = (ref: string, appearance: string, ...children: Control[]): Control => ({
  ref,
  type: 'group',
  datatype: '',
  appearance,
  children,
})
const rep = (ref: string, ...children: Control[]): Control => ({ ...g(ref, '', ...children), type: 'repeat' })

/** Only what the pages look at. */
function states(nodes: { [ref: string]: Partial<NodeState> }) {
  return (ref: string) => nodes[ref] && ({ relevant: true, ...nodes[ref] } as NodeState)
}

describe('the pages of a form', () => {
  it('are its field-lists, its other groups, and its loose questions, in order', () => {
    const pages = pagesOf([
      q('/d/a'),
      g('/d/one', 'field-list', q('/d/one/b'), q('/d/one/c')),
      g('/d/two', '', g('/d/two/x', 'field-list', q('/d/two/x/d')), g('/d/two/y', 'w1 field-list', q('/d/two/y/e'))),
      g('/d/three', '', q('/d/three/f'), g('/d/three/z', '', q('/d/three/z/g'))),
    ])
    expect(pages.map((p) => p.key)).toEqual(['/d/a', '/d/one', '/d/two/x', '/d/two/y', '/d/three'])
  })

  it('have only relevant questions; a group that is left out takes its questions along', () => {
    const [page] = pagesOf([g('/d/p', 'field-list', q('/d/p/a'), g('/d/p/in', '', q('/d/p/in/b')), q('/d/p/c'))])
    const node = states({
      '/d/p/a': {},
      '/d/p/in': { relevant: false },
      '/d/p/in/b': {},
      '/d/p/c': { relevant: false },
    })
    expect(page && questions(page, node)).toEqual(['/d/p/a'])
  })

  it('show the questions of every repeat instance, nested ones too', () => {
    const [page] = pagesOf([rep('/d/m', q('/d/m/name'), rep('/d/m/job', q('/d/m/job/pay')))])
    const node = states({
      '/d/m': { count: 2 },
      '/d/m[1]/name': {},
      '/d/m[2]/name': {},
      '/d/m[1]/job': { count: 0 },
      '/d/m[2]/job': { count: 1 },
      '/d/m[2]/job[1]/pay': {},
    })
    expect(page && questions(page, node)).toEqual(['/d/m[1]/name', '/d/m[2]/name', '/d/m[2]/job[1]/pay'])
  })
})

describe('one question a page', () => {
  const note = (ref: string): Control => ({ ...q(ref), type: 'note' })
  const fact = (c: Control) => c.type === 'note'
  const body = [
    g('/d/g', 'field-list', note('/d/g/n'), q('/d/g/a'), g('', '', q('/d/g/b')), note('/d/g/end')),
    rep('/d/r', q('/d/r/x')),
    q('/d/z'),
  ]

  it('puts facts before the question that they belong to, and keeps a repeat whole', () => {
    const pages = singlePages(body, fact)
    expect(pages.map((p) => [p.key, p.controls.map((c) => c.ref)])).toEqual([
      ['/d/g/a', ['/d/g/n', '/d/g/a']],
      ['/d/g/b', ['/d/g/b']],
      ['/d/g/end', ['/d/g/end']],
      ['/d/r', ['/d/r']],
      ['/d/z', ['/d/z']],
    ])
  })

  it('says of which group a question is', () => {
    expect(singlePages(body, fact).map((p) => p.group?.ref)).toEqual(['/d/g', '/d/g', '/d/g', undefined, undefined])
  })
})
