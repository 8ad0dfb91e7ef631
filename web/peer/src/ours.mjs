// Our engine, as a program that answers a JSON line with a JSON line.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const top = fileURLToPath(new URL('../../..', import.meta.url))

/** Builds cmd/ruhu-peer; flags go to go build (an overlay with a planted mistake). */
export function build(out = 'bin/ruhu-peer', flags = []) {
  const r = spawnSync(process.env.GO ?? 'go', ['build', '-trimpath', ...flags, '-o', out, './cmd/ruhu-peer'], {
    cwd: top,
    stdio: 'inherit',
  })
  if (r.status !== 0 || !existsSync(top + out)) throw new Error('cmd/ruhu-peer does not build')
  return top + out
}

export function start(program, env = {}) {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  const waiting = []
  createInterface({ input: child.stdout }).on('line', (l) => waiting.shift()?.resolve(JSON.parse(l)))
  child.on('exit', (code) => {
    for (const w of waiting) w.reject(new Error(`our engine has ended with ${code}`))
  })
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        child.stdin.write(JSON.stringify(request) + '\n')
      }),
    stop: () => child.stdin.end(),
  }
}

/** Our trace as full states: every line changes what is known. */
export function states(trace) {
  const known = new Map()
  const out = { states: [] }
  const update = (l) => {
    for (const k of l.gone ?? []) known.delete(k)
    for (const n of l.nodes ?? l.changed ?? []) known.set(n.ref + (n.count === undefined ? '' : '|range'), n)
    return new Map(known)
  }
  for (const l of trace) {
    if (l.end) out.instance = l.instance_xml
    else if (l.restore) out.restored = update(l)
    else if (l.error) out.restored = { error: l.error }
    else out.states.push({ state: update(l), rejected: l.rejected })
  }
  return out
}
