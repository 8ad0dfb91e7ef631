// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { beforeEach, expect, it, vi } from 'vitest'
import { parcel } from '../test/make'
import { create } from '../vault/vault'

let n = 0
/** Each test has an account, and so a database, of its own. */
let ID = ''

/** A phone on which somebody is logged in and has a PIN, after nine wrong ones. */
async function phone() {
  vi.resetModules()
  localStorage.setItem('ruhu.field.me', JSON.stringify({ id: ID, name: '调查员甲', account: 'e01' }))
  localStorage.setItem(`ruhu.field.attempts.${ID}`, JSON.stringify({ wrong: 9, at: 0 }))
  const session = await import('./session')
  const s = session.store.value
  if (!s) throw new Error('nobody is logged in')
  await create(s, ID, '135790', null, 10)
  return { session, s }
}

beforeEach(() => {
  localStorage.clear()
  ID = `01970000-0000-7000-8000-${String(++n).padStart(12, '0')}`
})

const there = async () => (await indexedDB.databases()).some((d) => d.name === `ruhu-field-${ID}`)

it('the tenth wrong PIN clears a phone from which everything has arrived', async () => {
  const { session, s } = await phone()
  await s.receipts.put({ id: 'uuid:1 1', assignment: 'a1' } as never)
  expect(await session.wrong()).toBe('cleared')
  expect(await there()).toBe(false)
  expect([session.me.value, session.db.value, session.pack.value, session.clearedBy.value]).toEqual([
    null,
    null,
    null,
    'pins',
  ])
  expect(localStorage.getItem('ruhu.field.me')).toBeNull()
})

it('the ninth does not', async () => {
  const { session } = await phone()
  localStorage.setItem(`ruhu.field.attempts.${ID}`, JSON.stringify({ wrong: 8, at: 0 }))
  expect(await session.wrong()).toBe('again')
  expect(await there()).toBe(true)
})

it.each(['drafts', 'parcels'] as const)('no wrong PIN clears a phone that holds %s', async (kind) => {
  const { session, s } = await phone()
  if (kind === 'parcels') await s.parcels.put(parcel())
  else await s.drafts.put({ ...parcel(), page: '', updated_at: 1 })
  expect([await session.wrong(), await session.wrong()]).toEqual(['held', 'held'])
  expect(await there()).toBe(true)
  expect(session.me.value?.id).toBe(ID)
})
