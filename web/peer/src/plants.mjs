// Mistakes to be planted in our engine, one at a time, by an overlay of go build: the tree is not touched. Each must be found.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const top = fileURLToPath(new URL('../../..', import.meta.url))

export const plants = [
  {
    what: 'mod forgets the sign',
    file: 'form/xpath/compile.go',
    from: 'math.Mod(l.num(m), r.num(m))',
    to: 'math.Abs(math.Mod(l.num(m), r.num(m)))',
  },
  {
    what: 'a shrinking count keeps an instance',
    file: 'form/xform/run.go',
    from: 's.shrink(r, n, have-n)',
    to: 's.shrink(r, min(n+1, have-1), have-min(n+1, have-1))',
  },
  {
    what: 'a constraint that is broken holds',
    file: 'form/xform/state.go',
    from: 'return "constraint"',
    to: 'return ""',
  },
]

/** Writes the changed file beside an overlay that names it; gives the overlay. */
export function overlay({ file, from, to }) {
  const dir = mkdtempSync(join(tmpdir(), 'plant-'))
  const source = readFileSync(top + file, 'utf8')
  if (!source.includes(from)) throw new Error(`${file} has no ${from}`)
  writeFileSync(join(dir, 'planted.go'), source.replace(from, to))
  writeFileSync(join(dir, 'overlay.json'), JSON.stringify({ Replace: { [top + file]: join(dir, 'planted.go') } }))
  return join(dir, 'overlay.json')
}
