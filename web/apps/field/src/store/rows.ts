import type { Receipt, SentSecond, Sight } from '@ruhu/api'
import type { Difference } from '@ruhu/engine'

/**
 * Single values. package: FieldPackage; tags: what its parts were when they came, see sync/download; etag: of the manifest; synced_at: ms; place:
 * Place, the form that is open; sent: SentList, what the server says that it has; link: bytes that go well in one request;
 * begun: ids of assignments that the office knows are begun; given_back: GivenBack[], where an earlier release kept them; taken_back: TakenBack[];
 * giving_back and an assignment: Giving, not sent yet; badge: BadgeKey; badges: Used, codes that confirmed a form here; clock: ms by which the
 * server's clock is ahead; earlier: EarlierList; quiz: Begun, an attempt that is not finished.
 */
export type SettingKey =
  | 'package'
  | 'tags'
  | 'etag'
  | 'synced_at'
  | 'place'
  | 'sent'
  | 'link'
  | 'begun'
  | 'given_back'
  | 'taken_back'
  | `giving_back ${string}`
  | 'badge'
  | 'badges'
  | 'clock'
  | 'earlier'
  | 'quiz'

/** What earlier rounds saw, as the server told it. */
export interface EarlierList {
  etag: string | null
  /** ms */
  asked_at: number
  /** Tag of the manifest when it was asked for: another package has other households. */
  manifest: string | null
  /** The server was still making pictures. */
  making: boolean
  items: Sight[]
}

/** A small picture that an earlier round took, by its digest. */
export interface EarlierPicture {
  sha256: string
  /** The assignment it came for; others may show it, too. */
  assignment: string
  jpeg: Uint8Array
}

/** What somebody is typing about a household that the team can't do. */
export interface Giving {
  why: string
  more: string
}

/** A form that was taken out of the queue: if the server has these bytes after all, the draft was edited from that revision. */
export interface TakenBack {
  assignment: string
  instance_id: string
  digest: string
}

/** A household that the team can't do, on its way back to the office. */
export interface GivenBack {
  assignment: string
  /** For the office, when it opens a package with it. */
  label?: Label
  reason: string
  /** The server's sentence, when it refused. */
  trouble?: string
}

/** The server's list of what this person has sent, as far as it was read. */
export interface SentList {
  cursor: string
  /** ms of the last time it was read from its beginning. */
  whole_at: number
  items: {
    instance_id: string
    revision: number
    digest: string
    received_at: string
    state: string
    /** How a second form of a household compares with the first; absent or null where there is nothing to compare yet. */
    second?: SentSecond | null
  }[]
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

/** Texts that were typed beside answers and are not part of the form yet, by name, see form/useJot. */
export interface Jots {
  [name: string]: string
}

/** What became of a draft when its form got another version; kept with it until it is handed in. */
export interface Carried {
  /** The versions by the names that the office gave them. */
  from: string
  to: string
  differences: Difference[]
  /** Places of questions that are others now, by the place before. */
  moved: { [was: string]: string }
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
  /** A second keying of a paper form that somebody has sent already. */
  second?: boolean
  carried?: Carried
  jots?: Jots
}

/** A draft that was thrown away; can be brought back for a day. */
export interface Thrown {
  id: string
  draft: Draft
  /** ms */
  thrown_at: number
}

export interface Parcel {
  /** Its key on this phone: the instance, or a name of its own when it came out of a package. */
  id: string
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
  /** As Draft.second. */
  second?: boolean
}

/** Something said about a query (请示), to be sent; gone when the server has it. */
export interface Say {
  id: string
  /** The query. */
  item: string
  action: 'ask' | 'close' | 'withdraw' | 'reopen'
  text: string
  assignment: string
  ref: string
  label: string
  /** ms */
  said_at: number
}

/** Something said that the server will not have: it waits for nothing any more, and is kept. */
export interface Refused extends Say {
  household: Label | null
  /** The server's reason, in its words. */
  why: string
  /** ms */
  refused_at: number
  /** Somebody has read it and put it aside. */
  read: boolean
}

export interface Picture {
  sha256: string
  blob: Blob
  /** The assignment it was taken for. */
  assignment: string
  /** Another household of this phone had the very same bytes first, see pictureKey. */
  beside?: boolean
  /** ms */
  taken_at: number
  /** ms at which the form that names it was finished, once that form has its receipt: it is to be sent. 0 before. */
  due: number
}

/**
 * Where a picture lies: under its digest, and where another household has the same one already (a file that was chosen twice), under the digest and
 * its assignment, so that what becomes of one does not touch the other.
 */
export const pictureKey = (p: Pick<Picture, 'sha256' | 'assignment' | 'beside'>): string =>
  p.beside ? `${p.sha256} ${p.assignment}` : p.sha256

/** The digest in such a key. */
export const digestIn = (key: string): string => key.slice(0, 64)

/** A returned form as the server has it, to be corrected; or one's own second keying, until it is settled which answers are on the paper. */
export interface Back {
  assignment: string
  revision: number
  xml: string
  /** The version that it was filled in with; missing on rows of before it was noted. */
  form_hash?: string
  /** As Draft.second. */
  second?: boolean
}

/** What people practise on and are asked: Material as it came, by its digest. */
export interface MaterialRow {
  hash: string
  json: string
}

/** One time that somebody answered the quiz; kept after the server has it. */
export interface Attempt {
  id: string
  campaign: string
  answers: { question: string; chosen: number[] }[]
  asked: number
  correct: number
  passed: boolean
  /** Codes of questions. */
  wrong: string[]
  /** ms */
  finished_at: number
  sent: boolean
  /** Why the server did not take it, in its words. */
  trouble: string | null
}

/** What has come of a file that is being downloaded. */
export interface Piece {
  digest: string
  bytes: Uint8Array
}

/** A part of the manifest that has come while others are missing. */
export interface Pulled {
  id: string
  tag: string
  body: unknown
}

export interface Record extends Receipt {
  id: string
  assignment: string
  label: Label
  /** The form version; '' on receipts of before it was noted. */
  form_hash?: string
  /** As Draft.second. */
  second?: boolean
}
