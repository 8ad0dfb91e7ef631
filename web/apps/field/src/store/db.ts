import type { FieldPackage, Receipt } from '@ruhu/api'
import type {
  Attempt,
  Back,
  Blank,
  Draft,
  EarlierPicture,
  GivenBack,
  MaterialRow,
  Parcel,
  Picture,
  Piece,
  Pulled,
  Record,
  Refused,
  Say,
  SettingKey,
  Thrown,
} from './rows'
import { pictureKey } from './rows'
import { Shelf } from './shelf'
import { Store } from './store'

/** The ref of rows of which the server has not heard yet. */
const WAITS = 'waits'

/**
 * Everything one enumerator has on this phone. Each account has a database of its own, so two people who share a phone never
 * see or send each other's forms.
 */
export class FieldDb extends Store {
  private readonly settings = new Shelf<{ key: SettingKey; value: unknown }>(this, 'settings', {
    key: (s) => s.key,
    cached: true,
  })
  /** Questionnaires by hash; immutable. */
  readonly blanks = new Shelf<Blank>(this, 'blanks', { key: (b) => b.hash })
  /** Forms being filled, one per assignment; kept until the server's receipt. */
  readonly drafts = new Shelf<Draft>(this, 'drafts', {
    key: (d) => d.assignment,
    ref: (d) => d.assignment,
    stamp: (d) => d.updated_at,
    cached: true,
  })
  /** Drafts that were thrown away, for a day. */
  readonly thrown = new Shelf<Thrown>(this, 'thrown', { key: (t) => t.id, ref: (t) => t.draft.assignment })
  /** Finished forms on their way to the server. */
  readonly parcels = new Shelf<Parcel>(this, 'parcels', {
    key: (p) => p.id,
    ref: (p) => p.assignment,
    stamp: (p) => p.queued_at,
    cached: true,
  })
  /** Photos and signatures by SHA-256; kept until the server has them. */
  readonly pictures = new Shelf<Picture>(this, 'pictures', {
    key: pictureKey,
    ref: (p) => p.assignment,
    stamp: (p) => p.due,
    value: ({ blob, ...rest }) => ({ ...rest, type: blob.type }),
    bytes: async (p) => new Uint8Array(await p.blob.arrayBuffer()),
    join: (value, bytes) => {
      const { type, ...rest } = value as Omit<Picture, 'blob'> & { type: string }
      return { ...rest, blob: new Blob([bytes.slice()], { type }) }
    },
  })
  /** What the server has confirmed; never deleted. */
  readonly receipts = new Shelf<Record>(this, 'receipts', {
    key: (r) => r.id,
    ref: (r) => r.assignment,
    cached: true,
  })
  /** What was asked and said, on its way to the server. */
  readonly says = new Shelf<Say>(this, 'says', { key: (s) => s.id, ref: (s) => s.assignment, stamp: (s) => s.said_at })
  /** What was said and the server will not have; kept. */
  readonly refused = new Shelf<Refused>(this, 'refused', { key: (r) => r.id, ref: (r) => r.assignment })
  /** What people practise on and are asked; the one of the campaign. */
  readonly materials = new Shelf<MaterialRow>(this, 'materials', { key: (m) => m.hash })
  /** Attempts at the quiz. */
  readonly attempts = new Shelf<Attempt>(this, 'attempts', {
    key: (a) => a.id,
    ref: (a) => (a.sent || a.trouble ? '' : WAITS),
    stamp: (a) => a.finished_at,
  })
  /** Households that the team can't do, until the office knows. */
  readonly given = new Shelf<GivenBack>(this, 'given', {
    key: (g) => g.assignment,
    ref: (g) => (g.trouble ? '' : WAITS),
  })
  readonly returned = new Shelf<Back>(this, 'returned', { key: (b) => b.assignment, ref: (b) => b.assignment })
  readonly pieces = new Shelf<Piece>(this, 'pieces', {
    key: (p) => p.digest,
    value: ({ digest }) => ({ digest }),
    bytes: async (p) => p.bytes,
    join: (value, bytes) => ({ ...(value as { digest: string }), bytes }),
  })
  readonly pulled = new Shelf<Pulled>(this, 'pulled', { key: (p) => p.id })

  /** What earlier rounds saw, small. The server has it all: it goes first when the phone is full. */
  readonly earlier = new Shelf<EarlierPicture>(this, 'earlier', {
    key: (p) => p.sha256,
    ref: (p) => p.assignment,
    value: ({ sha256, assignment }) => ({ sha256, assignment }),
    bytes: async (p) => p.jpeg,
    join: (value, bytes) => ({ ...(value as Omit<EarlierPicture, 'jpeg'>), jpeg: bytes }),
  })

  constructor(account: string) {
    super(`ruhu-field-${account}`, 'earlier')
  }

  package = async (): Promise<FieldPackage | null> => this.setting<FieldPackage>('package')

  async setting<T>(key: SettingKey): Promise<T | null> {
    return ((await this.settings.get(key))?.value as T | undefined) ?? null
  }

  set = (key: SettingKey, value: unknown): Promise<void> => this.settings.put({ key, value })

  settingRow = (key: SettingKey, value: unknown) => this.settings.row({ key, value })

  unset = (key: SettingKey): Promise<void> => this.settings.delete(key)

  private waiting = (t: string): Promise<number> => this.rows.where('[t+ref]').equals([t, WAITS]).count()

  /**
   * What only this phone has: finished and not received (with what was asked, answered in the quiz and given back), being filled in, pictures.
   * Needs no key.
   */
  async unsent(): Promise<{ queued: number; drafts: number; media: number }> {
    const told = (await this.count('says')) + (await this.waiting('attempts')) + (await this.waiting('given'))
    const queued = (await this.count('parcels')) + told
    const finished = new Set(await this.refs('parcels'))
    const drafts = (await this.keys('drafts')).filter((k) => !finished.has(k)).length
    const media = await this.countStamped('pictures')
    return { queued, drafts, media }
  }

  /** The key of a receipt: one per revision of a form. */
  static receiptId(r: Pick<Receipt, 'instance_id' | 'revision'>): string {
    return `${r.instance_id} ${r.revision}`
  }
}
