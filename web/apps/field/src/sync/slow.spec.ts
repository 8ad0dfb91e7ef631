import 'fake-indexeddb/auto'
import { sha256 } from '@ruhu/api'
import { describe, expect, it } from 'vitest'
import { assignment, offline, openDb, parcel, picture } from '../test/make'
import { MemoryServer } from '../test/server'
import { random } from '../vault/bytes'
import { Link } from './link'
import { once } from './once'
import type { Run, Server } from './server'

/**
 * A link of 20 kbit/s on which every tenth packet is lost, on a clock of its own. A packet is 1,200 bytes; a lost one comes again after a
 * second, doubled each time; after three losses in a row the connection breaks off. Each request costs a round trip of 600 ms.
 */
class SlowLink {
  clock = 1_750_000_000_000
  broken = 0
  private state: number
  constructor(seed: number) {
    this.state = seed
  }
  private lost(): boolean {
    this.state = (Math.imul(this.state, 1103515245) + 12345) & 0x7fffffff
    return (this.state >> 8) % 10 === 0
  }
  /** Carries so many bytes, or breaks off. */
  carry(bytes: number): void {
    this.clock += 600
    for (let left = bytes; left > 0; left -= 1200) {
      this.clock += (Math.min(left, 1200) * 8) / 20
      for (let wait = 1000, tries = 0; this.lost(); wait *= 2) {
        this.clock += wait
        if (++tries === 3) {
          this.broken++
          throw offline()
        }
      }
    }
  }
}

/** What something weighs compressed: XML and JSON a fifth, pictures all. */
const weigh = (v: unknown): number => {
  if (v instanceof Uint8Array) return v.length
  return 200 + (JSON.stringify(v, (_, x: unknown) => (x instanceof Uint8Array ? '' : x)) ?? '').length / 5
}

function over(server: MemoryServer, link: SlowLink): Server {
  const slow =
    <A extends unknown[], R>(f: (...a: A) => Promise<R>, picture = false) =>
    async (...a: A): Promise<R> => {
      link.carry(picture ? weigh((a[0] as { bytes: Uint8Array }).bytes) : weigh(a))
      const out = await f(...a)
      link.carry(
        weigh(out) + (out && typeof out === 'object' && 'bytes' in out ? (out.bytes as Uint8Array).length / 5 : 0),
      )
      return out
    }
  return {
    hello: slow(server.hello),
    have: slow(server.have),
    part: slow(server.part, true),
    sendForms: slow(server.sendForms),
    sent: slow(server.sent),
    manifest: slow(server.manifest),
    pull: slow(server.pull),
    slice: slow(server.slice),
    deposit: slow(server.deposit),
    wiped: slow(server.wiped),
    begin: slow(server.begin),
    giveBack: slow(server.giveBack),
    say: slow(server.say),
    attempt: slow(server.attempt),
    earlier: slow(server.earlier),
  }
}

describe('a day’s work over 20 kbit/s with 10 % loss', () => {
  it.each([1, 2, 3])('gets through with steady progress, seed %i', async (seed) => {
    const db = await openDb()
    const server = new MemoryServer()
    const form = '<h:html>' + Array.from(random(30_000), (b) => b.toString(16)).join('') + '</h:html>'
    const hash = await server.publish(form, (d) => `/field/forms/${d}`)
    server.package = {
      ...server.package,
      forms: [],
      assignments: Array.from({ length: 60 }, (_, i) => assignment({ id: `b${i}`, form_hash: hash })),
    }
    let bytes = 0
    for (let i = 0; i < 10; i++) {
      const photo = random(40_000)
      const digest = await sha256(photo)
      bytes += photo.length
      await db.pictures.put(picture({ sha256: digest, blob: new Blob([photo]), assignment: `b${i}` }))
      const xml = `<data>${digest}${'y'.repeat(7000)}</data>`
      await db.parcels.put(
        parcel({
          id: `uuid:${i}`,
          instance_id: `uuid:${i}`,
          assignment: `b${i}`,
          pictures: [digest],
          xml,
          queued_at: i + 1,
        }),
      )
    }
    const link = new SlowLink(seed)
    const began = link.clock
    const carried = over(server, link)
    const slow: Server = {
      ...carried,
      sendForms: async (send) => {
        const out = await carried.sendForms(send)
        if (server.sentForms.length === 10) formsAt ||= link.clock
        return out
      },
    }
    let size: number | null = null
    let formsAt = 0
    let runs = 0
    for (; runs < 60; runs++) {
      const piece: Link = new Link(size)
      const run: Run = { server: slow, link: piece, now: () => link.clock, clear: (x) => x.wipe() }
      const how = await once(db, run, true).catch(() => 'broke')
      size = piece.size
      if (how === null) break
    }
    const left = await db.unsent()
    expect(left).toEqual({ queued: 0, drafts: 0, media: 0 })
    expect(server.sentForms).toHaveLength(10)
    expect((await db.package())?.assignments).toHaveLength(60)
    // No byte of a picture went twice but what a break cut: pieces are kept.
    const sent = server.calls.filter((c) => c.startsWith('part')).reduce((n, c) => n + Number(c.split('+')[1]), 0)
    expect(sent / bytes).toBeLessThan(1.25)
    // Forms first: they are through long before the pictures.
    const minutes = (link.clock - began) / 60_000
    expect((formsAt - began) / 60_000).toBeLessThan(minutes / 4)
    // At 20 kbit/s 400 kB of pictures alone take 2.7 minutes; with a tenth lost, three times that must do.
    expect(minutes).toBeLessThan(10)
    process.stdout.write(
      `seed ${seed}: ${minutes.toFixed(1)} min, forms after ${((formsAt - began) / 60_000).toFixed(1)}, ${runs + 1} runs, ${link.broken} breaks\n`,
    )
  })
})
