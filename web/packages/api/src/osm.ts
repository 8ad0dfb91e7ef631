/** A place on a map that was described by tags, and where it is, if somebody took the position. */
export interface OsmPlace {
  at: { lat: number; lon: number } | null
  tags: Record<string, string>
}

/** The kind of the file, as registered for OpenStreetMap's XML. */
export const OSM_TYPE = 'application/vnd.openstreetmap.data+xml'

/**
 * An OpenStreetMap file (API 0.6) of one new object, as editors open it. A node must have a place; without one the tags
 * are those of a relation that nothing belongs to yet, which needs none.
 */
export function writeOsm({ at, tags }: OsmPlace): string {
  const lines = Object.entries(tags)
    .filter(([k, v]) => k !== '' && v !== '')
    .map(([k, v]) => `    <tag k="${quoted(k)}" v="${quoted(v)}"/>\n`)
    .join('')
  const [name, where] = at ? ['node', ` lat="${at.lat.toFixed(7)}" lon="${at.lon.toFixed(7)}"`] : ['relation', '']
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<osm version="0.6" generator="ruhu">\n  <${name} id="-1" visible="true"${where}>\n${lines}  </${name}>\n</osm>\n`
  )
}

/** The first object of such a file; null when it is none, or when it is not XML. */
export function readOsm(text: string): OsmPlace | null {
  const doc = new DOMParser().parseFromString(text, 'application/xml')
  if (doc.querySelector('parsererror')) return null
  const thing = doc.querySelector('osm > node, osm > way, osm > relation')
  if (!thing) return null
  const [lat, lon] = ['lat', 'lon'].map((name) => Number.parseFloat(thing.getAttribute(name) ?? ''))
  const at = Number.isFinite(lat) && Number.isFinite(lon) ? { lat: Number(lat), lon: Number(lon) } : null
  const tags: Record<string, string> = {}
  for (const tag of thing.querySelectorAll('tag')) tags[tag.getAttribute('k') ?? ''] = tag.getAttribute('v') ?? ''
  return { at, tags }
}

// What XML 1.0 cannot hold even as a reference has no place in a tag; line breaks are kept as references.
const quoted = (s: string): string =>
  [...s]
    .filter(legal)
    .join('')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`)

function legal(c: string): boolean {
  const n = c.codePointAt(0) ?? 0
  return [9, 10, 13].includes(n) || (n >= 0x20 && n < 0xd800) || (n >= 0xe000 && n < 0xfffe) || n > 0xffff
}
