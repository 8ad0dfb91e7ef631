import { afterEach, describe, expect, it, vi } from 'vitest'
import { EngineError, loadEngine } from './index'

const failed = (options: Parameters<typeof loadEngine>[0]): Promise<unknown> =>
  loadEngine(options).then(
    () => undefined,
    (e: unknown) => e,
  )

describe('a browser that cannot run the engine', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it.each([
    ['WebAssembly', undefined],
    ['WebAssembly', {}],
    ['crypto', {}],
    ['TextDecoder', undefined],
  ])('is told so when it has no usable %s', async (name, value) => {
    vi.stubGlobal(name, value)
    const e = (await failed({ wasmBytes: new Uint8Array() })) as EngineError
    expect(e).toBeInstanceOf(EngineError)
    expect(e.code).toBe('engine.unsupported')
    expect(e.message).toContain('浏览器')
    expect(e.details[0]?.message_en).toContain('browser')
    expect(e.details[0]?.detail).toContain(name)
  })

  it('is not confused with a file that is no engine', async () => {
    const e = (await failed({ wasmBytes: new Uint8Array([0, 1, 2, 3]) })) as EngineError
    expect(e.code).toBe('engine.load')
  })
})
