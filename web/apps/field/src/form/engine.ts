import { loadEngine, type CompiledForm, type Engine } from '@ruhu/engine'
import wasmUrl from '@ruhu/engine/dist/ruhu.wasm?url'

let engine: Promise<Engine> | null = null
const compiled = new Map<string, CompiledForm>()

/** The form engine, loaded once; a failed load may be tried again. */
export async function theEngine(): Promise<Engine> {
  const loading = (engine ??= loadEngine({ wasmUrl }))
  try {
    return await loading
  } catch (e) {
    engine = null
    throw e
  }
}

/** A questionnaire made ready, kept by its hash. Throws EngineError when the XML is no form. */
export async function theForm(hash: string, xml: string): Promise<CompiledForm> {
  const ready = compiled.get(hash) ?? (await theEngine()).compile(xml)
  compiled.set(hash, ready)
  return ready
}

/** The form's own name of a language, e.g. "中文 (zh)", for one of ours. */
export function languageOf(form: CompiledForm, ours: string): string | undefined {
  const code = ours.slice(0, 2)
  return form.languages.find((l) => l.includes(`(${code}`)) ?? form.languages.find((l) => l.startsWith(code))
}
