// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { readOsm, writeOsm } from './osm'

const nasty = { 'building:levels': '2', name: '“老屋” <A&B> "x"\n二行', 'addr:street': '桂溪街 12 号' }

it('reads back what it wrote, with and without a place', () => {
  const at = { lat: 29.1234567, lon: 109.7654321 }
  expect(readOsm(writeOsm({ at, tags: nasty }))).toEqual({ at, tags: nasty })
  expect(readOsm(writeOsm({ at: null, tags: nasty }))).toEqual({ at: null, tags: nasty })
})

it('writes a node only with a place: a node without one is none', () => {
  expect(writeOsm({ at: { lat: 1, lon: 2 }, tags: {} })).toContain(
    '<node id="-1" visible="true" lat="1.0000000" lon="2.0000000">',
  )
  expect(writeOsm({ at: null, tags: { a: 'b' } })).not.toContain('<node')
})

it('leaves out what is blank and what XML cannot hold', () => {
  const xml = writeOsm({ at: null, tags: { a: '', '': 'x', b: 'y\u0000\u0007\ud800z\uffff' } })
  expect(readOsm(xml)?.tags).toEqual({ b: 'yz' })
})

it('says of anything else that it is none', () => {
  expect([readOsm('not xml <'), readOsm('<a/>'), readOsm('<osm version="0.6"/>')]).toEqual([null, null, null])
})
