import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fetchAll, find, tidy } from './keep'

// The browser's caches in memory, in the order in which they were made.
let stores: Map<string, Map<string, string>>
let asked: string[]
let broken = ''

function open(name: string) {
  const files = stores.get(name) ?? new Map<string, string>()
  stores.set(name, files)
  const put = (url: string, body: unknown) => void files.set(url, body as string)
  return { match: (url: string) => files.get(url), put }
}

beforeEach(() => {
  stores = new Map()
  asked = []
  broken = ''
  vi.stubGlobal('caches', {
    open: (name: string) => Promise.resolve(open(name)),
    keys: () => Promise.resolve([...stores.keys()]),
    delete: (name: string) => Promise.resolve(stores.delete(name)),
    match: (url: string) => Promise.resolve([...stores.values()].find((s) => s.has(url))?.get(url)),
  })
  class Asked {
    constructor(
      readonly url: string,
      readonly init: { cache: string },
    ) {}
  }
  vi.stubGlobal('Request', Asked)
  vi.stubGlobal('fetch', ({ url, init }: Asked) => {
    asked.push(`${init.cache} ${url}`)
    return Promise.resolve(Object.assign(new String(url), { ok: url !== broken, status: 502 }))
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const app = (name: string, script: string) => ({
  name: `ruhu-field-${name}`,
  files: ['/field/', `/field/assets/${script}.js`, '/field/assets/engine.wasm'],
})
const [a, b] = [app('a', 'one'), app('b', 'two')]
const window = (script: string) =>
  ({ postMessage: (_: string, [port]: MessagePort[]) => port?.postMessage(script) }) as unknown as Client

it('asks the server again only for names that stay the same, and for nothing that is here', async () => {
  await fetchAll(a)
  expect(asked.sort()).toEqual([
    'default /field/assets/engine.wasm',
    'default /field/assets/one.js',
    'no-cache /field/',
  ])
  asked = []
  await fetchAll(b)
  expect(asked.sort()).toEqual(['default /field/assets/two.js', 'no-cache /field/'])
})

it('goes on with what has come when it broke off', async () => {
  broken = '/field/assets/engine.wasm'
  await expect(fetchAll(a)).rejects.toThrow('502')
  broken = ''
  asked = []
  await fetchAll(a)
  expect(asked.sort()).toEqual(['default /field/assets/engine.wasm', 'no-cache /field/'])
})

it('keeps the parts of the version before until no window runs it', async () => {
  await fetchAll(a)
  await fetchAll(b)
  await tidy(b, [window('/field/assets/two.js'), window('/field/assets/one.js')])
  expect(String(await find(b, '/field/assets/one.js'))).toBe('/field/assets/one.js')
  await tidy(a, [window('/field/assets/one.js')])
  expect([...stores.keys()]).toEqual([a.name, b.name]) // one that is being fetched is not old
  await tidy(b, [window('/field/assets/two.js')])
  expect([...stores.keys()]).toEqual([b.name])
  expect(await find(b, '/field/assets/one.js')).toBeUndefined()
})

it('keeps them for a window that does not say what it runs', async () => {
  vi.useFakeTimers()
  await fetchAll(a)
  await fetchAll(b)
  const tidied = tidy(b, [{ postMessage: () => undefined } as unknown as Client])
  await vi.advanceTimersByTimeAsync(3000)
  await tidied
  expect(stores.size).toBe(2)
})
