// The sync of the phone app, in Node, against the built program over a network that fails at every point: see faults/network.ts for what
// goes wrong. Cases are generated; a failed one prints its seed. RUHU_FAULTS is how many (100), RUHU_SEED the first seed.
import 'fake-indexeddb/auto'
import type { FieldPackage, Sent } from '@ruhu/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BarePhone } from './faults/phone'
import { FAULTS, Network } from './faults/network'
import { Mortal } from './faults/mortal'
import { Random } from './faults/random'
import { Client } from './harness/api'
import { begin } from './harness/township'

const COUNT = Number(process.env.RUHU_FAULTS ?? 100)
const FIRST = Number(process.env.RUHU_SEED ?? 1)
/** Cases that share a server: its list of what one person has sent must not get too long. */
const SHARED = 25
const ACCOUNT = 'diaocha1'

const total = { faults: new Map<string, number>(), deaths: 0, forms: 0, acknowledged: 0 }

const groups = Array.from({ length: Math.ceil(COUNT / SHARED) }, (_, i) => i)

describe.each(groups)('group %i', (group) => {
  let server: Mortal
  let client: Client
  let pkg: FieldPackage
  let me: string

  beforeAll(async () => {
    server = await Mortal.start()
    await begin(server.url)
    client = await Client.login(server.url, ACCOUNT)
    pkg = await client.ok<FieldPackage>('GET', '/field/package')
    me = pkg.me.id
  })
  afterAll(async () => {
    total.deaths += server.deaths
    await server.stop()
  })

  /** What the server has of what this person has sent. */
  async function sent(): Promise<Sent[]> {
    const out: Sent[] = []
    for (let cursor = ''; ;) {
      const page = await client.ok<{ items: Sent[]; next: string }>(
        'GET',
        `/field/sync/sent?limit=200&cursor=${cursor}`,
      )
      out.push(...page.items)
      if (!page.next) return out
      cursor = page.next
    }
  }

  const seeds = Array.from({ length: Math.min(SHARED, COUNT - group * SHARED) }, (_, i) => FIRST + group * SHARED + i)

  it.each(seeds)('seed %i: after healing, phone and server agree', async (seed) => {
    const random = new Random(seed)
    await server.up()
    const network = new Network(server, random)
    network.cookie = client.cookieHeader
    const phone = await BarePhone.take(`faults-${seed}`, me, network, random, pkg)

    network.rate = 0.15 + 0.5 * random.next()
    for (let step = 2 + random.below(4); step > 0; step--) {
      for (let n = 1 + random.below(3); n > 0; n--) await phone.finish()
      if (random.chance(0.5)) await phone.correct()
      if (random.chance(0.4)) await phone.change()
      for (let n = random.below(4); n > 0; n--) await phone.sync()
    }
    await network.heal()
    const outcomes: (string | null)[] = []
    for (let n = 0; n < 6; n++) {
      outcomes.push(await phone.sync())
      if (outcomes.at(-1) === null) break
    }

    const db = phone.store
    expect(outcomes.at(-1)).toBeNull()
    expect(await db.unsent()).toEqual({ queued: 0, drafts: 0, media: 0 })
    expect(await db.pictures.count()).toBe(0)
    const server_ = await sent()
    const has = (r: { instance_id: string; revision: number; digest: string }) =>
      server_.filter((s) => s.instance_id === r.instance_id && s.revision === r.revision && s.digest === r.digest)
        .length
    // Of a form that stands for its household no later revision was set aside: nothing that was sent twice, or taken back and changed, looked like an edit of
    // two people.
    const stands = (s: Sent) => server_.some((x) => x.instance_id === s.instance_id && x.state === 'received')
    expect(server_.filter((s) => stands(s) && s.state !== 'received' && s.revision > s.current)).toEqual([])
    // Every receipt on the phone, and every one that was ever given, is of a form that is there, once.
    const receipts = await db.receipts.all()
    expect(receipts.filter((r) => has(r) !== 1)).toEqual([])
    expect(network.acknowledged.filter((r) => has(r) !== 1)).toEqual([])
    expect(receipts.flatMap((r) => r.missing_files)).toEqual([])
    for (const made of phone.made) {
      // What was handed in has arrived in that order, each once; what was changed before it was sent need not have.
      const there = server_.filter((s) => s.instance_id === made.instance).map((s) => s.digest)
      expect(new Set(there).size).toBe(there.length)
      expect(there).toEqual(made.digests.filter((d) => there.includes(d)))
      expect(there.at(-1)).toBe(made.digests.at(-1))
      expect(receipts.filter((r) => r.instance_id === made.instance).at(-1)?.digest).toBeDefined()
    }
    const have = await client.ok<{ items: { whole: boolean }[] }>('POST', '/field/sync/have', {
      files: phone.pictures.map((sha256) => ({ sha256, size: 0 })),
    })
    expect(have.items.filter((h) => !h.whole)).toEqual([])
    // A form is judged when it has its receipt already: what the package says of it changes then.
    const package_ = () => client.ok<FieldPackage>('GET', '/field/package')
    await expect
      .poll(async () => (await package_()).assignments.filter((a) => a.submission?.state === 'received'))
      .toEqual([])
    expect(await phone.sync()).toBeNull()
    const { server_time: _, ...now } = await package_()
    expect(await db.package()).toMatchObject(now)

    for (const [f, n] of network.faults) total.faults.set(f, (total.faults.get(f) ?? 0) + n)
    total.forms += phone.made.length
    total.acknowledged += network.acknowledged.length
  })
})

it('every kind of fault has happened', () => {
  const list = FAULTS.map((f) => `${f} ${total.faults.get(f) ?? 0}`).join(', ')
  console.info(
    `seeds ${FIRST} to ${FIRST + COUNT - 1}; ${total.forms} forms, ${total.acknowledged} receipts, ${total.deaths} deaths of the server; ${list}`,
  )
  if (COUNT >= 50) expect(FAULTS.filter((f) => !total.faults.get(f))).toEqual([])
})
