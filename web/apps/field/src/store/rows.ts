import type { Receipt } from '@ruhu/api'

/** A single value. package: FieldPackage; etag: its ETag; synced_at: ms; place: Place, the form that is open. */
export interface Setting {
  key: 'package' | 'etag' | 'synced_at' | 'place'
  value: unknown
}

/** A questionnaire: XForm XML. */
export interface Blank {
  hash: string
  xml: string
}

export interface Place {
  assignment: string
}

/** Enough of a household to name it when its assignment has gone from the package. */
export interface Label {
  code: string
  head_name: string
  village: string
}

export interface Draft {
  assignment: string
  label: Label
  form_hash: string
  /** Session.draft(): every node, also those not relevant, with the confirmations. */
  xml: string
  /** The ref of the page that is open, see form/pages. */
  page: string
  /** The revision it was edited from; 0 for a first one. */
  base: number
  /** ms */
  updated_at: number
}

export interface Parcel {
  assignment: string
  label: Label
  instance_id: string
  form_hash: string
  base: number
  /** The submission, sent as it stands. */
  xml: string
  /** SHA-256 of the pictures it names that are on this phone. */
  pictures: string[]
  /** ms */
  queued_at: number
  tries: number
  /** ms; no automatic try before. */
  next_at: number
  /** The last failure: a code of the server's or 'network'. */
  trouble: string | null
  /** The server's sentence for the person, if it gave one. */
  detail: string | null
}

export interface Picture {
  sha256: string
  blob: Blob
  /** The assignment it was taken for. */
  assignment: string
  /** ms */
  taken_at: number
}

export interface Record extends Receipt {
  id: string
  assignment: string
  label: Label
}
