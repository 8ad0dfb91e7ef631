import { field, sha256, type FieldPackage } from '@ruhu/api'
import { FieldDb } from '../../apps/field/src/store/db'
import { Link } from '../../apps/field/src/sync/link'
import { carry } from '../../apps/field/src/sync/earlier'
import { once } from '../../apps/field/src/sync/once'
import { takeBack } from '../../apps/field/src/sync/taken'
import { utf8 } from '../../apps/field/src/vault/bytes'
import { create, unlock } from '../../apps/field/src/vault/vault'
import type { Network } from './network'
import type { Random } from './random'

const PIN = '135790'
const ROUNDS = 1

interface Made {
  instance: string
  assignment: string
  digests: string[]
}

/** The phone app without its screens: the same store, keys and sync, over a network that fails. */
export class BarePhone {
  /** Every form that was finished on it, with the digests of what was handed in, in order. */
  made: Made[] = []
  pictures: string[] = []
  private clock = 1_750_000_000_000
  private db: FieldDb

  private constructor(
    private readonly name: string,
    private readonly network: Network,
    private readonly random: Random,
    private readonly pkg: FieldPackage,
  ) {
    this.db = new FieldDb(name)
  }

  static async take(
    name: string,
    account: string,
    network: Network,
    random: Random,
    pkg: FieldPackage,
  ): Promise<BarePhone> {
    const p = new BarePhone(name, network, random, pkg)
    await create(p.db, account, PIN, null, ROUNDS)
    return p
  }

  get store(): FieldDb {
    return this.db
  }

  /** One run of the sync. The page may be killed in the middle; then it is opened again, and the run was for nothing. */
  async sync(): Promise<string | null> {
    field.setTransport(this.network.transport)
    this.clock += 1_000_000 // no wait after a failed try lasts so long
    const killed = new Promise<'killed'>((done) => (this.network.killed = () => done('killed')))
    const link = new Link(await this.db.setting<number>('link'))
    const run = { server: field, link, now: () => this.clock++, clear: (db: FieldDb) => db.wipe() }
    const whole = once(this.db, run, false).then(async (trouble) => {
      if (trouble === null) await carry(this.db, run, { stop: () => false, left: () => {}, force: false })
      return trouble
    })
    const how = await Promise.race([whole.catch((e: unknown) => e as Error), killed])
    if (how === 'killed') {
      this.db.dexie.close()
      this.db = new FieldDb(this.name)
      await unlock(this.db, PIN)
    }
    return how instanceof Error ? how.message : how
  }

  /** Fills in and finishes a form, sometimes a large one, sometimes with pictures. */
  async finish(): Promise<void> {
    const instance = `uuid:${uuid(this.random)}`
    const made: Made = { instance, assignment: this.random.pick(this.pkg.assignments).id, digests: [] }
    this.made.push(made)
    await this.handIn(made, 0)
  }

  /** Changes a form that has arrived, if there is one that does not wait to be sent. */
  async correct(): Promise<void> {
    const waiting = new Set((await this.db.parcels.all()).map((p) => p.instance_id))
    const receipts = (await this.db.receipts.all()).filter((r) => !waiting.has(r.instance_id))
    if (receipts.length === 0) return
    const r = this.random.pick(receipts)
    const made = this.made.find((m) => m.instance === r.instance_id)
    if (made)
      await this.handIn(
        made,
        Math.max(...receipts.filter((x) => x.instance_id === made.instance).map((x) => x.revision)),
      )
  }

  /** Takes back a form that waits, changes it and hands it in anew; whether it was sent before nobody may know. */
  async change(): Promise<void> {
    const waiting = await this.db.parcels.all()
    if (waiting.length === 0) return
    const parcel = this.random.pick(waiting)
    const made = this.made.find((m) => m.instance === parcel.instance_id)
    if (!made || !(await takeBack(this.db, parcel))) return
    this.pictures = this.pictures.filter((p) => !parcel.pictures.includes(p)) // retaken
    await this.handIn(made, parcel.base)
  }

  private async handIn(made: Made, base: number): Promise<void> {
    const pictures: string[] = []
    for (let n = this.random.chance(0.5) ? 0 : 1 + this.random.below(2); n > 0; n--) {
      const content = this.random.bytes(1 + this.random.below(this.random.chance(0.2) ? 60_000 : 3_000))
      const digest = await sha256(content)
      await this.db.pictures.put({
        sha256: digest,
        blob: new Blob([content]),
        assignment: made.assignment,
        taken_at: 0,
        due: 0,
      })
      pictures.push(digest)
      this.pictures.push(digest)
    }
    const pad = this.random.chance(0.15) ? this.random.hex(70_000) : this.random.hex(200 + this.random.below(3_000))
    const xml =
      `<data id="x"><q>${pad}</q>${pictures.map((p) => `<photo>${p}.jpg</photo>`).join('')}` +
      `<meta><instanceID>${made.instance}</instanceID></meta></data>`
    made.digests.push(await sha256(utf8(xml)))
    await this.db.parcels.put({
      id: made.instance,
      assignment: made.assignment,
      label: { code: '', head_name: '', village: '' },
      instance_id: made.instance,
      form_hash: this.pkg.forms[0]?.hash ?? '',
      base,
      xml,
      pictures,
      queued_at: this.clock++,
      tries: 0,
      next_at: 0,
      trouble: null,
      detail: null,
    })
  }
}

function uuid(r: Random): string {
  const h = r.hex(32)
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-7${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20)}`
}
