/** How a file of a form is shown: as a picture, played, read as tags of a place, or only offered for download. */
export type Shown = 'picture' | 'sound' | 'film' | 'osm' | 'file'

// What the server sends as more than a download (internal/web/blob.go).
const KINDS: { [ext: string]: Shown } = {
  jpg: 'picture',
  jpeg: 'picture',
  png: 'picture',
  webp: 'picture',
  gif: 'picture',
  weba: 'sound',
  m4a: 'sound',
  mp3: 'sound',
  ogg: 'sound',
  wav: 'sound',
  mp4: 'film',
  webm: 'film',
  '3gp': 'film',
  osm: 'osm',
}

export const extensionOf = (name: string): string => /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? ''

export const shownAs = (name: string): Shown => KINDS[extensionOf(name)] ?? 'file'
