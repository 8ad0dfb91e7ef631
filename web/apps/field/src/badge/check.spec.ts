import 'fake-indexeddb/auto'
import { beforeAll, describe, expect, it } from 'vitest'
import { openDb } from '../test/make'
import { checkBadge, remember, type Scanner } from './check'
import { badgeKey, signingKey, type BadgeKey } from './key'
import { makeBadge, minuteOf } from './token'

const B = '019cae80-0001-7000-8000-00000000a001'
const DEVICE = '019cae80-0002-7000-8000-00000000d001'
const NOW = Date.parse('2026-03-02T08:00:30.000Z')
const MINUTE = 60_000
let key: BadgeKey
let sign: CryptoKey

beforeAll(async () => {
  key = await badgeKey(await openDb())
  sign = await signingKey(key)
})

const member = (points: string[], device = DEVICE) => ({
  id: B,
  account: 'e02',
  name: '调查员乙',
  pin: null as never,
  badges: points.map((point) => ({ device, point })),
})
const scanner = (over: Partial<Scanner> = {}): Scanner => ({
  me: 'a',
  members: [member([key.point])],
  now: NOW,
  offset: 0,
  used: {},
  assignment: 'h1',
  ...over,
})
const shown = (ms = NOW, by = sign): Promise<string> => makeBadge(by, B, DEVICE, minuteOf(ms))
const outcome = async (text: string, over: Partial<Scanner> = {}): Promise<unknown[]> => {
  const got = await checkBadge(text, scanner(over))
  return 'trouble' in got ? [got.trouble, got.minutes] : [got.at, got.code]
}

describe('a code that a team-mate shows', () => {
  it('confirms, and says when', async () => {
    const got = await checkBadge(await shown(), scanner())
    expect(got).toMatchObject({
      member: { name: '调查员乙' },
      at: new Date(NOW).toISOString(),
      token: await tokenOf(got),
    })
  })

  it('is told from one that does not', async () => {
    const other = await badgeKey(await openDb())
    const text = await shown()
    expect(await outcome('https://example.org')).toEqual(['badge.unreadable', 0])
    expect(await outcome(text, { me: B })).toEqual(['badge.own', 0])
    expect(await outcome(text, { members: [] })).toEqual(['badge.team', 0])
    expect(await outcome(text, { members: [member([])] })).toEqual(['badge.unknown', 0])
    expect(await outcome(text, { members: [member([key.point], 'another')] })).toEqual(['badge.unknown', 0])
    expect(await outcome(text, { members: [member([other.point])] })).toEqual(['badge.forged', 0])
    expect(await outcome(await shown(NOW, await signingKey(other)))).toEqual(['badge.forged', 0])
    expect(await outcome(text, { members: [member([other.point, key.point])] })).toHaveLength(2)
    expect((await outcome(text, { members: [member([other.point, key.point])] }))[0]).toMatch(/^2026/)
  })

  it('is unknown to a package of before badges', async () => {
    const { badges: _, ...old } = member([])
    expect(await outcome(await shown(), { members: [old as never] })).toEqual(['badge.unknown', 0])
  })

  it('holds two minutes around this phone’s clock', async () => {
    const at = async (minutes: number, over: Partial<Scanner> = {}) =>
      outcome(await shown(NOW + minutes * MINUTE), over)
    expect(await at(-3)).toEqual(['badge.expired', 3])
    expect((await at(-2))[0]).toBe('2026-03-02T08:00:30.000Z')
    expect((await at(2))[0]).toBe('2026-03-02T08:00:30.000Z')
    expect(await at(3)).toEqual(['badge.clock', 3])
    expect(await at(-600)).toEqual(['badge.expired', 600])
  })

  it('holds by the server’s clock when the phone’s is wrong, and by the phone’s when it was set since', async () => {
    const text = await shown(NOW)
    const wrong = { now: NOW - 90 * MINUTE, offset: 90 * MINUTE }
    expect((await outcome(text, wrong))[0]).toBe('2026-03-02T08:00:30.000Z')
    expect((await outcome(text, { now: NOW, offset: 90 * MINUTE }))[0]).toBe('2026-03-02T08:00:30.000Z')
    expect(await outcome(text, { now: NOW - 90 * MINUTE, offset: 10 * MINUTE })).toEqual(['badge.clock', 80])
  })

  it('is good for one household', async () => {
    const text = await shown()
    const code = String((await outcome(text))[1])
    const used = remember({}, code, 'h1', minuteOf(NOW))
    expect((await outcome(text, { used }))[1]).toBe(code)
    expect(await outcome(text, { used, assignment: 'h2' })).toEqual(['badge.used', 0])
    // The same minute, signed anew: another text, the same code.
    expect(await outcome(await shown(), { used, assignment: 'h2' })).toEqual(['badge.used', 0])
    expect((await outcome(await shown(NOW + MINUTE), { used, assignment: 'h2' }))[0]).toMatch(/^2026/)
  })

  it('is forgotten after an hour', () => {
    const used = remember(remember({}, 'd 100', 'h1', 100), 'd 161', 'h2', 161)
    expect(used).toEqual({ 'd 161': 'h2' })
    expect(remember(remember({}, 'd 100', 'h1', 100), 'd 160', 'h2', 160)).toHaveProperty(['d 100'], 'h1')
  })
})

describe('the key of badges', () => {
  it('is made once, and lies on the phone sealed', async () => {
    const db = await openDb()
    const first = await badgeKey(db)
    expect(await badgeKey(db)).toEqual(first)
    const rows = await db.rows.toArray()
    expect(rows.some((r) => new TextDecoder('latin1').decode(r.body).includes(first.secret.slice(0, 20)))).toBe(false)
    await db.lock()
    await expect(badgeKey(db)).rejects.toBe('locked')
  })

  it('cannot be read out of the page', async () => {
    await expect(crypto.subtle.exportKey('pkcs8', sign)).rejects.toThrow()
  })
})

const tokenOf = async (got: Awaited<ReturnType<typeof checkBadge>>): Promise<string> =>
  'token' in got ? got.token : 'none'
