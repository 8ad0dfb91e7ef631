import { OSM_TYPE, sha256 } from '@ruhu/api'
import { pictureKey, type Picture } from '../store/rows'
import type { Shelf } from '../store/shelf'

/** Where pictures of a form are while it is filled in. */
export interface PictureStore {
  pictures: Pick<Shelf<Picture>, 'get' | 'put'>
}

const KINDS: { [type: string]: string } = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'audio/webm': 'weba',
  'audio/mp4': 'm4a',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/3gpp': '3gp',
  'video/quicktime': 'mov',
  'application/pdf': 'pdf',
  [OSM_TYPE]: 'osm',
}

/** Stores a picture, a sound or another file under its digest and gives its name, "<sha256>.jpg". Rejects when the phone is full. */
export async function keepPicture(db: PictureStore, assignment: string, blob: Blob): Promise<string> {
  const digest = await sha256(await blob.arrayBuffer())
  const first = await db.pictures.get(digest)
  const beside = first !== undefined && first.assignment !== assignment
  const before = beside ? await db.pictures.get(pictureKey({ sha256: digest, assignment, beside })) : first
  // One that is already on its way to the server stays so.
  const due = before?.due ?? 0
  await db.pictures.put({ sha256: digest, blob, assignment, taken_at: Date.now(), due, ...(beside ? { beside } : {}) })
  return `${digest}.${extensionOf(blob)}`
}

/** What a file is called after its digest: by its kind, else as its owner called it. */
function extensionOf(blob: Blob): string {
  const named = blob instanceof File ? /\.([a-z0-9]{2,5})$/i.exec(blob.name)?.[1]?.toLowerCase() : undefined
  return KINDS[blob.type.split(';')[0] ?? ''] ?? named ?? 'bin'
}

/** A picture that a household's form names, whichever household's row has it: the bytes are the same. */
export async function pictureOf(db: PictureStore, assignment: string, digest: string): Promise<Picture | undefined> {
  if (!digest) return undefined
  const first = await db.pictures.get(digest)
  return first ?? db.pictures.get(pictureKey({ sha256: digest, assignment, beside: true }))
}

/** The digest in a file name of ours; '' when it is another name. */
export function digestOf(name: string): string {
  return /^([0-9a-f]{64})\.\w+$/.exec(name)?.[1] ?? ''
}
