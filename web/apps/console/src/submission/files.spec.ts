import { expect, it } from 'vitest'
import { extensionOf, shownAs } from './files'

it('shows pictures, plays sounds and films, and offers the rest', () => {
  const names = [
    '1.JPG',
    'a b.png',
    'x.weba',
    'x.m4a',
    'x.webm',
    'video.1.mp4',
    'x.osm',
    'x.pdf',
    'x.svg',
    'x.amr',
    'x',
  ]
  expect(names.map(shownAs)).toEqual([
    ...['picture', 'picture', 'sound', 'sound', 'film', 'film', 'osm', 'file', 'file', 'file', 'file'],
  ])
  expect(extensionOf('none')).toBe('')
})
