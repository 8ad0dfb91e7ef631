import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { EngineError, loadEngine, type Change, type Session } from './index'

const wasm = new URL('../dist/ruhu.wasm', import.meta.url)
const forms = new URL('../../../../form/xform/testdata/forms/', import.meta.url)

interface Step {
  op: 'set' | 'add' | 'remove' | 'lang' | 'confirm'
  ref?: string
  value?: string
}

interface Plan {
  prefill: Record<string, string>
  now: string
  zone: string
  steps: Step[]
}

function apply(s: Session, { op, ref = '', value = '' }: Step): Change | string {
  try {
    switch (op) {
      case 'set':
        return s.set(ref, value)
      case 'add':
        return s.addRepeat(ref)
      case 'remove':
        return s.removeRepeat(ref)
      case 'lang':
        return s.setLanguage(value)
      case 'confirm':
        return s.confirm(ref, value)
    }
  } catch (e) {
    if (e instanceof EngineError) return e.code
    throw e
  }
}

/** The golden files are written by the Go tests: server and phone must agree. */
describe.skipIf(!existsSync(wasm))('the same plans as on the server', () => {
  const plans = readdirSync(forms).filter((f) => f.endsWith('.plan.json'))

  it.each(plans)(
    '%s',
    async (file) => {
      const read = (name: string): string => readFileSync(new URL(name, forms), 'utf8')
      const base = file.replace('.plan.json', '')
      const plan = JSON.parse(read(file)) as Plan
      const golden = read(`${base}.golden`)
        .trimEnd()
        .split('\n')
        .map((l) => JSON.parse(l) as unknown)
      const engine = await loadEngine({ wasmBytes: readFileSync(wasm) })
      const s = engine.compile(read(`${base}.xml`)).open({ prefill: plan.prefill, now: plan.now, zone: plan.zone })
      expect(s.state()).toEqual(golden[0])
      plan.steps.forEach((step, i) => {
        expect(apply(s, step), `${i} ${step.op} ${step.ref ?? ''}`).toEqual(golden[i + 1])
      })
      expect(s.check()).toEqual(golden[plan.steps.length + 1])
      expect(s.draft()).toEqual(golden[plan.steps.length + 2])
    },
    60_000,
  )
})
