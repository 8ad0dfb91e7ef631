import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Pictures of an earlier run would mislead. */
export default function setup(): void {
  rmSync(fileURLToPath(new URL('../../test-results', import.meta.url)), { recursive: true, force: true })
}
