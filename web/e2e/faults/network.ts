import type { Transport } from '@ruhu/api'
import type { Mortal } from './mortal'
import type { Random } from './random'

/** What may go wrong with one request. */
export const FAULTS = [
  'refused', // it never leaves
  'cut', // half of its body arrives
  'lost', // it is done, the answer is lost
  'twice', // it arrives twice, the second answer comes back
  'late', // no answer now; it arrives after a later request
  'proxy', // something in between answers for the server
  'kill before', // the server dies before it
  'kill during', // the server dies while it works on it
  'kill after', // the server dies with the answer on its way
  'phone', // the page is killed after it was sent
] as const
export type Fault = (typeof FAULTS)[number]

interface Acknowledged {
  digest: string
  instance_id: string
  revision: number
}

/** The page was killed: nothing in it runs any more. */
export class Killed extends Error {}

/** A network between one phone and the server that fails as the generator says, until it is healed. */
export class Network {
  /** How often something goes wrong; 0 heals. */
  rate = 0
  cookie = ''
  faults = new Map<Fault, number>()
  /** Every receipt that the server has ever given, whether or not the phone heard of it. */
  acknowledged: Acknowledged[] = []
  /** Resolves the run of a killed page as killed. */
  killed: () => void = () => undefined
  private late: (() => Promise<unknown>)[] = []

  constructor(
    private readonly server: Mortal,
    private readonly random: Random,
  ) {}

  readonly transport: Transport = async (address, init) => {
    const fault = this.random.chance(this.rate) ? this.random.pick(FAULTS) : null
    if (fault) this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1)
    const after = this.late.splice(0)
    try {
      return await this.carry(fault, address, init)
    } finally {
      for (const send of after) await send().catch(() => undefined)
    }
  }

  /** Everything that is under way arrives, and nothing goes wrong any more. */
  async heal(): Promise<void> {
    this.rate = 0
    await this.server.up()
    for (const send of this.late.splice(0)) await send().catch(() => undefined)
  }

  private async carry(fault: Fault | null, address: string, init: RequestInit): Promise<Response> {
    const go = (): Promise<Response> => this.send(address, init)
    switch (fault) {
      case null:
        if (this.random.chance(0.5)) await this.server.up() // somebody has started it again, or not yet
        return go()
      case 'refused':
        throw new TypeError('refused')
      case 'cut':
        await this.send(address, cut(init)).catch(() => undefined)
        throw new TypeError('cut')
      case 'lost':
        await go().catch(() => undefined)
        throw new TypeError('lost')
      case 'twice':
        await go().catch(() => undefined)
        return go()
      case 'late':
        this.late.push(go)
        throw new TypeError('late')
      case 'proxy':
        return new Response('<html>502</html>', { status: 502 })
      case 'kill before':
        await this.server.kill()
        throw new TypeError('down')
      case 'kill during': {
        const answer = go().catch(() => null)
        await new Promise((done) => setTimeout(done, this.random.below(12)))
        await this.server.kill()
        await answer
        throw new TypeError('died')
      }
      case 'kill after': {
        const answer = await go()
        await this.server.kill()
        return answer
      }
      case 'phone':
        await go().catch(() => undefined)
        this.killed()
        return new Promise(() => undefined) // nothing in the page runs any more
    }
  }

  private async send(address: string, init: RequestInit): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), Cookie: this.cookie }
    const r = await fetch(this.server.url + address, { ...init, headers, signal: AbortSignal.timeout(20_000) })
    const body = await r.arrayBuffer()
    if (r.ok && address.endsWith('/sync/forms')) this.note(body)
    return new Response(body.byteLength > 0 ? body : null, { status: r.status, headers: r.headers })
  }

  private note(body: ArrayBuffer): void {
    const { items } = JSON.parse(new TextDecoder().decode(body)) as { items: { receipt: Acknowledged | null }[] }
    for (const { receipt } of items) if (receipt) this.acknowledged.push(receipt)
  }
}

/** The same request with a body that breaks off in the middle. */
function cut(init: RequestInit): RequestInit {
  const whole = init.body instanceof Uint8Array ? init.body : null
  if (!whole) return init
  const body = new ReadableStream({
    start(c) {
      c.enqueue(whole.subarray(0, whole.length >> 1))
      setTimeout(() => c.error(new Error('cut')), 1)
    },
  })
  return { ...init, body, duplex: 'half' } as RequestInit
}
