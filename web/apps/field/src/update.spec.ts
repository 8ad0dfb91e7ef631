import { afterEach, beforeEach, expect, it, vi } from 'vitest'

class Registration extends EventTarget {
  active: object | null = null
  waiting: { postMessage: ReturnType<typeof vi.fn> } | null = null
  installing: EventTarget | null = null
  update = vi.fn(() => Promise.resolve())
}

class Workers extends EventTarget {
  controller: { postMessage: ReturnType<typeof vi.fn> } | null = null
  register = vi.fn<() => Promise<Registration>>()
  startMessages = vi.fn()
}

let workers: Workers
const reload = vi.fn()

async function fresh() {
  vi.resetModules()
  return import('./update')
}

beforeEach(() => {
  workers = new Workers()
  reload.mockReset()
  vi.stubEnv('DEV', false)
  vi.stubGlobal('navigator', { serviceWorker: workers })
  vi.stubGlobal('location', { reload })
  vi.spyOn(console, 'warn').mockReturnValue(undefined)
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

it('says that the app is on the phone only once the worker has everything, and begins again where that failed', async () => {
  const { installApp, installed } = await fresh()
  expect(installed.value).toBeNull()
  workers.register.mockRejectedValueOnce(new Error('no network'))
  await installApp()
  expect(installed.value).toBe(false)

  const failing = new Registration()
  failing.installing = new EventTarget()
  workers.register.mockResolvedValue(failing)
  await installApp()
  expect(installed.value).toBe(false)
  const second = new Registration()
  second.installing = new EventTarget()
  workers.register.mockResolvedValue(second)
  await installApp() // at the next sync
  second.active = {}
  second.installing.dispatchEvent(new Event('statechange'))
  expect(installed.value).toBe(true)
  await installApp()
  expect(workers.register).toHaveBeenCalledTimes(3)
})

it('opens anew when another window took the update, but not over work', async () => {
  const { installApp, reopen, reopenWhen } = await fresh()
  let calm = false
  reopenWhen(() => calm)
  workers.controller = { postMessage: vi.fn() }
  workers.register.mockResolvedValue(new Registration())
  await installApp()
  reopen()
  workers.dispatchEvent(new Event('controllerchange'))
  expect(reload).not.toHaveBeenCalled()
  calm = true
  reopen() // the next screen
  expect(reload).toHaveBeenCalledTimes(1)
})

it('does not open anew for the first worker of all', async () => {
  const { installApp } = await fresh()
  workers.register.mockResolvedValue(new Registration())
  await installApp()
  workers.dispatchEvent(new Event('controllerchange'))
  expect(reload).not.toHaveBeenCalled()
})

it('offers a version that waits, and tells the worker to take over', async () => {
  const { installApp, takeUpdate, updateWaiting } = await fresh()
  const r = new Registration()
  r.active = {}
  r.waiting = { postMessage: vi.fn() }
  workers.register.mockResolvedValue(r)
  await installApp()
  expect(updateWaiting.value).toBe(true)
  takeUpdate()
  expect(r.waiting.postMessage).toHaveBeenCalledWith('take-over')
})

it('tells the worker which script this window runs', async () => {
  const { installApp } = await fresh()
  workers.register.mockResolvedValue(new Registration())
  await installApp()
  const port = { postMessage: vi.fn() }
  workers.dispatchEvent(Object.assign(new Event('message'), { data: 'which', ports: [port] }))
  expect(port.postMessage).toHaveBeenCalledWith(expect.stringMatching(/update/))
})
