// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { parcel } from '../test/make'
import { create } from '../vault/vault'

const ROUNDS = 10
const [A, B] = [
  { id: 'acc-a', name: '甲', account: 'a', pin: '111111' },
  { id: 'acc-b', name: '乙', account: 'b', pin: '222222' },
]

/** A phone on which both have worked, as it is after a restart without a network: the first one was there last. */
async function phone(n: number) {
  vi.resetModules()
  localStorage.clear()
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
  const { FieldDb } = await import('../store/db')
  const who = [A, B].map((x) => ({ ...x, id: `${x.id}${n}` })) as [typeof A, typeof B]
  for (const x of who) {
    const db = new FieldDb(x.id)
    await create(db, x.id, x.pin, null, ROUNDS)
    await db.drafts.put({ ...parcel({ assignment: `of-${x.account}` }), page: '', updated_at: 1 })
    await db.lock()
    db.dexie.close()
  }
  const known = who.map(({ id, name, account }) => ({ id, name, account }))
  localStorage.setItem('ruhu.field.accounts', JSON.stringify(known))
  localStorage.setItem('ruhu.field.me', JSON.stringify({ ...known[0], pin_set: true, role: 'enumerator' }))
  const [session, attempts, accounts] = await Promise.all([
    import('./session'),
    import('../device/attempts'),
    import('./accounts'),
  ])
  await session.start()
  return { ...session, ...attempts, ...accounts, a: who[0], b: who[1] }
}

let n = 0
let p: Awaited<ReturnType<typeof phone>>
beforeEach(async () => {
  p = await phone(n++)
})
const drafts = async () => p.db.value?.drafts.keys()

describe('a phone that two people share, without a network', () => {
  it('opens to each what is theirs, with their own PIN', async () => {
    expect(await p.openWith(A.pin)).toBe(true)
    expect(await drafts()).toEqual(['of-a'])
    expect(await p.switchTo(p.b)).toBe(true)
    expect([p.db.value, p.me.value?.name]).toEqual([null, '乙'])
    expect(await p.openWith(A.pin)).toBe(false)
    expect(await p.openWith(B.pin)).toBe(true)
    expect(await drafts()).toEqual(['of-b'])
    expect(p.accounts.value.map((x) => x.account)).toEqual(['b', 'a'])
  })

  it('opens after logging out, too', async () => {
    await p.openWith(A.pin)
    await p.logout()
    expect([p.me.value, p.accounts.value.length]).toEqual([null, 2])
    await p.switchTo(p.a)
    expect(await p.openWith(A.pin)).toBe(true)
    expect(await drafts()).toEqual(['of-a'])
  })

  it('knows of who else was here no more than name and account', async () => {
    await p.openWith(A.pin)
    const kept = JSON.parse(localStorage.getItem('ruhu.field.accounts') ?? '[]') as object[]
    expect(kept.map((x) => Object.keys(x).sort())).toEqual([
      ['account', 'id', 'name'],
      ['account', 'id', 'name'],
    ])
  })

  it('clears nothing of one for wrong PINs of the other, and locks nobody else out', async () => {
    await p.switchTo(p.b)
    for (let i = 0; i < 9; i++) expect(await p.wrong()).toBe('again')
    expect(await p.wrong()).toBe('held') // a draft
    expect([p.wrongSoFar(p.b.id), p.wrongSoFar(p.a.id), p.waiting(p.a.id)]).toEqual([10, 0, 0])
    await p.openWith(B.pin)
    await p.db.value?.drafts.delete('of-b')
    for (let i = 0; i < 9; i++) await p.wrong()
    expect(await p.wrong()).toBe('cleared')
    expect(p.accounts.value.map((x) => x.account)).toEqual(['a'])
    await p.switchTo(p.a)
    expect(await p.openWith(A.pin)).toBe(true)
    expect(await drafts()).toEqual(['of-a'])
  })

  it('forgets an account of which nothing is here any more', async () => {
    const { FieldDb } = await import('../store/db')
    await new FieldDb(p.b.id).wipe()
    expect(await p.switchTo(p.b)).toBe(false)
    expect([p.me.value, p.accounts.value.map((x) => x.account)]).toEqual([null, ['a']])
  })

  it('sets no PIN for somebody else who is logged in at the server', async () => {
    await p.openWith(A.pin)
    const asked: string[] = []
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      asked.push(`${init?.method ?? 'GET'} ${url}`)
      return new Response(JSON.stringify({ id: p.b.id, actions: [] }), {
        headers: { 'Content-Type': 'application/json' },
      })
    })
    await expect(p.setPin(A.pin, '333333')).rejects.toBe('other')
    expect(asked.filter((x) => x.startsWith('PUT'))).toEqual([])
    expect(asked).toHaveLength(1)
  })
})
