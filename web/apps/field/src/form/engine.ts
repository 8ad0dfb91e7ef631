import { loadEngine, type CompiledForm, type Engine } from '@ruhu/engine'
import wasmUrl from '@ruhu/engine/dist/ruhu.wasm?url'

let engine: Promise<Engine> | null = null
const compiled = new Map<string, CompiledForm>()
const texts = new Map<string, string>()

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

/** Starts the engine while nobody waits for it, so that the first questionnaire opens like the next ones. What fails here is said by the form's page. */
export function warmEngine(): void {
  const start = () => void theEngine().catch(() => undefined)
  if (typeof requestIdleCallback === 'function') requestIdleCallback(start, { timeout: 3000 })
  else setTimeout(start, 1000)
}

/** A questionnaire made ready, kept by its hash. Throws EngineError when the XML is no form. */
export async function theForm(hash: string, xml: string): Promise<CompiledForm> {
  const ready = compiled.get(hash) ?? (await theEngine()).compile(xml)
  compiled.set(hash, ready)
  texts.set(hash, xml)
  return ready
}

/** The XML of a questionnaire that was made ready since the page was opened. */
export const textOf = (hash: string): string | undefined => texts.get(hash)

/** The form's own name of a language, e.g. "中文 (zh)", for one of ours. */
export function languageOf(form: CompiledForm, ours: string): string | undefined {
  const code = ours.slice(0, 2)
  return form.languages.find((l) => l.includes(`(${code}`)) ?? form.languages.find((l) => l.startsWith(code))
}
