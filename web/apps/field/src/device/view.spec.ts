// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { nextTick } from 'vue'
import { applyView, readView, view } from './view'

it.each([
  [null, { type: 'normal', contrast: 'normal', page: 'group' }],
  ['not json', { type: 'normal', contrast: 'normal', page: 'group' }],
  ['null', { type: 'normal', contrast: 'normal', page: 'group' }],
  ['{"type":"huge","contrast":"high","page":"question"}', { type: 'huge', contrast: 'high', page: 'question' }],
  ['{"type":"enormous","contrast":1}', { type: 'normal', contrast: 'normal', page: 'group' }],
])('reads %s', (stored, want) => {
  expect(readView(stored)).toEqual(want)
})

it('keeps what was chosen, and shows it on the page', async () => {
  applyView()
  view.type = 'large'
  view.contrast = 'high'
  await nextTick()
  expect(document.documentElement.dataset).toMatchObject({ type: 'large', contrast: 'high' })
  expect(readView(localStorage.getItem('ruhu.field.view'))).toEqual({ type: 'large', contrast: 'high', page: 'group' })
})
