import Dexie, { type EntityTable } from 'dexie'
import type { FieldPackage, Receipt } from '@ruhu/api'
import type { Blank, Draft, Parcel, Picture, Record, Setting } from './rows'

/**
 * Everything one enumerator has on this phone. Each account has a database of its own, so two people who share a phone never
 * see or send each other's forms.
 */
export class FieldDb extends Dexie {
  /** Single values by name, see Setting. */
  settings!: EntityTable<Setting, 'key'>
  /** Questionnaires by hash; immutable. */
  blanks!: EntityTable<Blank, 'hash'>
  /** Forms being filled, one per assignment; kept until the server's receipt. */
  drafts!: EntityTable<Draft, 'assignment'>
  /** Finished forms on their way to the server. */
  parcels!: EntityTable<Parcel, 'assignment'>
  /** Photos and signatures by SHA-256; kept until the receipt of the form that names them. */
  pictures!: EntityTable<Picture, 'sha256'>
  /** What the server has confirmed; never deleted. */
  receipts!: EntityTable<Record, 'id'>
  /** Returned forms as the server has them, to be corrected. */
  returned!: EntityTable<{ assignment: string; revision: number; xml: string }, 'assignment'>

  constructor(account: string) {
    super(`ruhu-field-${account}`)
    this.version(1).stores({
      settings: 'key',
      blanks: 'hash',
      drafts: 'assignment',
      parcels: 'assignment',
      pictures: 'sha256',
      receipts: 'id, assignment, received_at',
      returned: 'assignment',
    })
  }

  async package(): Promise<FieldPackage | null> {
    return ((await this.settings.get('package'))?.value as FieldPackage | undefined) ?? null
  }

  async setting<T>(key: Setting['key']): Promise<T | null> {
    return ((await this.settings.get(key))?.value as T | undefined) ?? null
  }

  async set(key: Setting['key'], value: unknown): Promise<void> {
    await this.settings.put({ key, value })
  }

  /** The key of a receipt: one per revision of a form. */
  static receiptId(r: Receipt): string {
    return `${r.instance_id} ${r.revision}`
  }
}
