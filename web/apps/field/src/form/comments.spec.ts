import type { FieldComment } from '@ruhu/api'
import { expect, it } from 'vitest'
import { notedAt, placesOf } from './comments'
import { movedTo } from './pages'

const said = (ref: string): FieldComment => ({ id: ref, ref, text: ref, by_name: '督导员', at: '', turns: [] })
const comments = new Map(['/d/z', '/d/m[3]/age', '/d/m/name', '/d/hidden'].map((r) => [r, [said(r)]]))
const paths = ['/d/m[1]/name', '/d/m[1]/age', '/d/m[3]/name', '/d/m[3]/age', '/d/z']

it('stands at the member whom the reviewer means, and at each where none is named', () => {
  const at = (p: string) => notedAt(comments, p).map((c) => c.ref)
  expect(paths.map(at)).toEqual([['/d/m/name'], [], ['/d/m/name'], ['/d/m[3]/age'], ['/d/z']])
})

it('is found in the form’s order, once each; what has no place is not lost', () => {
  const places = placesOf(comments, paths)
  expect(places.at).toEqual(['/d/m[1]/name', '/d/m[3]/age', '/d/z'])
  expect(places.nowhere.map((c) => c.ref)).toEqual(['/d/hidden'])
  expect(placesOf(new Map(), paths)).toEqual({ at: [], nowhere: [] })
})

it('goes along with a question that was moved, to the same member if it is still asked of members', () => {
  expect(movedTo('/d/m[3]/age', '/d/m/more/age')).toBe('/d/m[3]/more/age')
  expect(movedTo('/d/m[3]/age', '/d/age')).toBe('/d/age')
  expect(movedTo('/d/age', '/d/g/age')).toBe('/d/g/age')
})
