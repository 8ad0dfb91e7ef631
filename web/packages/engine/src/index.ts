// The apps compile this source themselves and would not find the declaration otherwise.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./wasm_exec.d.ts" />
import { EngineError, type Change, type CompiledForm, type Control, type Engine, type ErrorDetail } from './types'
import type { Difference, Finding, NodeState, OpenOptions, Paradata, Reason, Session, Visit } from './types'
import { offsetOf } from './zone'

export * from './types'

/** What the Go program hands over. Every function returns JSON: {"ok":…} or {"error":…}. */
interface Host {
  compile(xml: string, attachments: Record<string, string>): string
  open(form: number, options: object): string
  migrate(form: number, older: number, options: object): string
  call(session: number, method: string, a: string, b: string): string
  dispose(form: number): string
  close(session: number): string
}

interface GoRuntime {
  argv: string[]
  importObject: WebAssembly.Imports
  run(instance: WebAssembly.Instance): Promise<void>
}

type Globals = Record<string, unknown> & { Go?: new () => GoRuntime }

type Answer<T> = { ok: T } | { error: { code: string; message: string; details: ErrorDetail[] } }

function unwrap<T>(json: string): T {
  const a = JSON.parse(json) as Answer<T>
  if ('error' in a) throw new EngineError(a.error.code, a.error.message, a.error.details)
  return a.ok
}

let loads = 0

/** An error with one sentence in both languages. */
function failure(code: string, message: string, message_en: string, detail: string): EngineError {
  return new EngineError(code, message, [{ code, path: '', message, message_en, detail }])
}

/** What the engine needs of a browser (Chrome 85 has it); the name of what is missing. */
function missing(): string {
  if (typeof WebAssembly !== 'object' || typeof WebAssembly.instantiate !== 'function') return 'WebAssembly'
  if (typeof globalThis.crypto?.getRandomValues !== 'function') return 'crypto.getRandomValues'
  return typeof TextDecoder === 'function' ? '' : 'TextDecoder'
}

/**
 * Starts the form engine. Throws EngineError "engine.unsupported" on a browser that cannot run it, which trying again does not
 * mend, and "engine.load" when the file cannot be fetched or run.
 */
export async function loadEngine(options: { wasmUrl: string } | { wasmBytes: BufferSource }): Promise<Engine> {
  const lacks = missing()
  if (lacks)
    throw failure(
      'engine.unsupported',
      '此浏览器版本太旧，无法填写问卷。请升级手机浏览器，或改用新版 Chrome、Edge。',
      'This browser is too old to fill in questionnaires. Please update it, or use a current Chrome or Edge.',
      `missing: ${lacks}`,
    )
  const globals = globalThis as unknown as Globals
  try {
    if (!globals.Go) await import('../dist/wasm_exec.js')
    if (!globals.Go) throw new Error('wasm_exec.js has left nothing')
    const go = new globals.Go()
    const name = `ruhuEngine${++loads}`
    go.argv = ['ruhu', name]
    const instance = await instantiate(options, go.importObject)
    const host = await new Promise<Host>((resolve, reject) => {
      globals[name] = resolve
      go.run(instance).then(() => reject(new Error('the engine has ended')), reject)
    })
    Reflect.deleteProperty(globals, name)
    return { compile: (xml, attachments = {}) => compile(host, xml, attachments) }
  } catch (e) {
    throw failure('engine.load', '表单引擎无法加载', 'the form engine cannot be loaded', String(e))
  }
}

async function instantiate(
  options: { wasmUrl: string } | { wasmBytes: BufferSource },
  imports: WebAssembly.Imports,
): Promise<WebAssembly.Instance> {
  if ('wasmBytes' in options) return (await WebAssembly.instantiate(options.wasmBytes, imports)).instance
  const response = await fetch(options.wasmUrl)
  if (!response.ok) throw new Error(`${options.wasmUrl}: ${response.status}`)
  // Compiling while it streams needs the right content type, which not every server and cache gives.
  if (response.headers.get('content-type')?.startsWith('application/wasm'))
    return (await WebAssembly.instantiateStreaming(response, imports)).instance
  return (await WebAssembly.instantiate(await response.arrayBuffer(), imports)).instance
}

interface Compiled {
  handle: number
  form: { id: string; version: string; title: string; languages: string[]; body: Control[] }
}

function compile(host: Host, xml: string, attachments: Record<string, string>): CompiledForm {
  const { handle, form } = unwrap<Compiled>(host.compile(xml, attachments))
  const compiled: CompiledForm = {
    ...form,
    open: (options) => sessionOf(host, unwrap<number>(host.open(handle, settled(options)))),
    migrate: (older, options) => {
      const from = handles.get(older)
      if (from === undefined) throw failure('xform.closed', '表单已关闭', 'the form or session is closed', '')
      const m = unwrap<Migrated>(host.migrate(handle, from, settled(options)))
      return { session: sessionOf(host, m.handle), differences: m.differences, moved: m.moved }
    },
    dispose: () => void unwrap<null>(host.dispose(handle)),
  }
  handles.set(compiled, handle)
  return compiled
}

/** The numbers by which the engine knows forms. */
const handles = new WeakMap<CompiledForm, number>()

interface Migrated {
  handle: number
  differences: Difference[]
  moved: Record<string, string>
}

/** Options with the zone as minutes. */
function settled(options: OpenOptions): object {
  const at = options.now ? new Date(options.now) : new Date()
  const offset = (options.zone ? offsetOf(options.zone, at) : undefined) ?? -at.getTimezoneOffset()
  return { ...options, offset: Number.isFinite(offset) ? offset : 0 }
}

function sessionOf(host: Host, s: number): Session {
  const call = <T>(method: string, a = '', b = ''): T => unwrap<T>(host.call(s, method, a, b))
  return {
    state: () => call<NodeState[]>('state'),
    node: (ref) => call<NodeState | null>('node', ref) ?? undefined,
    set: (ref, value) => call<Change>('set', ref, value),
    addRepeat: (ref) => call<Change>('addRepeat', ref),
    removeRepeat: (ref) => call<Change>('removeRepeat', ref),
    confirm: (ref, reason) => call<Change>('confirm', ref, reason),
    verify: (ref, reason) => call<Change>('verify', ref, reason),
    why: (ref) => call<Reason | null>('why', ref) ?? undefined,
    check: () => call<Finding[]>('check'),
    setReply: (comment, text) => void call<null>('setReply', comment, text),
    replies: () => call<Record<string, string>>('replies'),
    setVisit: (field, value) => void call<null>('setVisit', field, value),
    setVouch: (ref, v) => void call<null>('setVouch', ref, [v.account, v.method, v.at, v.token].join(' ').trim()),
    visit: () => call<Visit>('visit'),
    setOpening: (o) => void call<null>('setOpening', o.from, `${o.to} ${Math.round(o.ms)} ${Math.round(o.ahead ?? 0)}`),
    setMoves: (n) => void call<null>('setMoves', String(n)),
    setTiming: (t) => void call<null>('setTiming', t.ref, `${Math.round(t.ms)} ${t.edits}`),
    setOddity: (d) => void call<null>('setOddity', d.code, String(d.times)),
    paradata: () => call<Paradata>('paradata'),
    setCapture: (mode) => void call<null>('setCapture', mode),
    capture: () => call<'' | 'paper'>('capture'),
    setLanguage: (language) => call<Change>('setLanguage', language),
    progress: () => call<{ answered: number; total: number }>('progress'),
    xml: () => call<string>('xml'),
    draft: () => call<string>('draft'),
    close: () => void unwrap<null>(host.close(s)),
  }
}
