// @vitest-environment happy-dom
import { effectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ListingHousehold } from '@ruhu/api'
import { boxKey, read, type Draft } from './outbox'
import { useOutbox } from './useOutbox'

const about = { account: 'a', campaign: 'c', village: '990101101201', late: () => false }
const key = boxKey('a', 'c', '990101101201')
const input = (household: string, seen = 0) => ({ action: 'confirm', household_id: household, version: 1, seen })
type Answer = () => Response
const offline: Answer = () => {
  throw new TypeError('no network')
}
const problem = (status: number, code: string) => (): Response =>
  new Response(JSON.stringify({ code, detail: `${code}!` }), { status })
const took =
  (id: string): Answer =>
  () =>
    new Response(JSON.stringify({ id, seen: 1 }), { status: 200 })

let answers: Answer[]
let asked: { url: string; body: { household_id: string; seen: number } }[]
let scope: ReturnType<typeof effectScope>
let sent: string[]
let items: Partial<ListingHousehold>[]

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
  answers = []
  asked = []
  sent = []
  items = []
  scope = effectScope()
  vi.stubGlobal('fetch', (url: string, o: { body: string }) => {
    asked.push({ url, body: JSON.parse(o.body) as never })
    const answer = answers.shift()
    if (!answer) throw new Error('nobody expected this request')
    return Promise.resolve().then(answer)
  })
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})
const begin = () => {
  const box = scope.run(() =>
    useOutbox(about, {
      sent: (h) => sent.push(h.id),
      reload: () => Promise.resolve(items as ListingHousehold[]),
    }),
  )
  if (!box) throw new Error('no scope')
  return box
}
const settled = () => vi.advanceTimersByTimeAsync(0)

it('keeps an answer on this device until the server has it, under one id', async () => {
  answers = [offline, problem(503, 'db.busy'), took('h1')]
  const out = begin()
  out.put('田福成', input('h1'))
  await settled()
  expect(out.waiting.value).toBe(1)
  expect(read<Draft[]>(key)).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(out.waiting.value).toBe(1)
  window.dispatchEvent(new Event('online'))
  await settled()
  expect(sent).toEqual(['h1'])
  expect(read(key)).toBeUndefined()
  expect(new Set(asked.map((a) => a.url)).size).toBe(1)
})

it('goes on where the last page stopped', async () => {
  answers = [offline]
  begin().put('田福成', input('h1'))
  await settled()
  scope.stop()
  scope = effectScope()
  answers = [took('h1')]
  begin()
  await settled()
  expect(sent).toEqual(['h1'])
})

it('shows an answer that was refused and sends the others', async () => {
  answers = [problem(409, 'listing.changed_meanwhile'), took('h2')]
  const out = begin()
  out.put('田福成', input('h1'))
  out.put('蒋明辉', input('h2'))
  await settled()
  expect(sent).toEqual(['h2'])
  expect(out.box.value.map((d) => [d.household, d.refused?.code])).toEqual([['h1', 'listing.changed_meanwhile']])
  expect(out.waiting.value).toBe(0)
  answers = [took('h1')]
  out.again('h1', { version: 4, seen: 2 } as ListingHousehold)
  await settled()
  expect(asked.at(-1)?.body).toMatchObject({ version: 4, seen: 2 })
  expect(out.box.value).toEqual([])
})

it('knows its own earlier answer whose reply was lost', async () => {
  answers = [offline]
  const out = begin()
  out.put('田福成', input('h1'))
  await settled()
  const first = out.box.value[0]?.proposal ?? ''
  items = [{ id: 'h1', version: 1, seen: 1, proposal: { id: first } as ListingHousehold['proposal'] }]
  answers = [problem(409, 'listing.changed_meanwhile'), took('h1')]
  out.put('田福成', { ...input('h1'), action: 'correct' })
  await settled()
  expect(sent).toEqual(['h1'])
  expect(asked.at(-1)?.body.seen).toBe(1)
})
