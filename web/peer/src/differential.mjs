// Random forms and random answers, ours against @getodk/xforms-engine: `npm run differential`.
//
//   --seeds 1-60   which forms          --all      do not stop at ten differences
//   --raw          do not make them small
//   --plant        instead: build our engine with one mistake at a time and see that each is found
import { freeze } from './world.mjs'
freeze('2025-03-15T10:30:00.000Z')
console.warn = () => {} // the peer tells of every instance that it drops
const { play } = await import('./peer.mjs')
const { build, start, states } = await import('./ours.mjs')
const { differences } = await import('./compare.mjs')
const { shrink } = await import('./shrink.mjs')
const { decided } = await import('./decided.mjs')

const option = (name) => process.argv.includes(`--${name}`)
const [from, to] = (process.argv[process.argv.indexOf('--seeds') + 1]?.match(/^\d+-\d+$/)?.[0] ?? '1-60')
  .split('-')
  .map(Number)

/**
 * Plays a case on both and gives the first difference that nobody has decided; `decisions` takes the names of the others. A
 * form that one of them refuses to load is a difference, one that both refuse is none.
 */
async function differs(engine, kase, decisions = new Set()) {
  const undecided = (list) => {
    for (const d of list) {
      const rule = decided(d, kase)
      if (!rule) return d
      decisions.add(rule.name)
      if (rule.ends) return undefined
    }
    return undefined
  }
  const loaded = await engine.ask({ op: 'play', case: { ...kase, plan: { ...kase.plan, steps: [] } } })
  const refused = (ours, theirs) => undecided([{ step: 0, key: '', field: 'load', ours, theirs }])
  let theirs
  try {
    theirs = await play(loaded.xml, kase.plan)
  } catch (e) {
    return loaded.error ? undefined : refused('loads', e.message.split('\n').slice(0, 3).join(' '))
  }
  if (loaded.error) return refused(loaded.error, 'loads')
  const mine = await engine.ask({ op: 'play', case: { ...kase, plan: { ...kase.plan, steps: theirs.steps } } })
  if (mine.error) return refused(mine.error, 'loads')
  return undecided(differences(states(mine.trace), theirs))
}

async function run(engine, { stopAt = 10 } = {}) {
  const found = []
  const known = new Map()
  let [same, decidedOtherwise] = [0, 0]
  for (let seed = from; seed <= to && found.length < stopAt; seed++) {
    const { case: kase } = await engine.ask({ op: 'case', seed })
    const names = new Set()
    const d = await differs(engine, kase, names)
    for (const name of names) known.set(name, (known.get(name) ?? 0) + 1)
    if (d) found.push({ seed, kase, d })
    else if (names.size) decidedOtherwise++
    else same++
  }
  return { found, known, same, decidedOtherwise }
}

const text = (d) =>
  `step ${d.step} ${d.key} ${d.field}: ours ${JSON.stringify(d.ours)}, peer ${JSON.stringify(d.theirs)}`

if (option('plant')) {
  const { plants, overlay } = await import('./plants.mjs')
  let missed = 0
  for (const p of plants) {
    const engine = start(build('bin/ruhu-peer-planted', ['-overlay', overlay(p)]))
    const { found } = await run(engine, { stopAt: 1 })
    engine.stop()
    const [f] = found
    if (!f) missed++
    console.log(`${f ? 'found' : 'MISSED'}: ${p.what}${f ? ` (seed ${f.seed}: ${text(f.d)})` : ''}`)
  }
  process.exit(missed ? 1 : 0)
}

const engine = start(build())
const { found, known, same, decidedOtherwise } = await run(engine, { stopAt: option('all') ? Infinity : 10 })
for (const { seed, kase, d } of found) {
  console.log(`seed ${seed}: ${text(d)}`)
  if (option('raw')) continue
  const small = await shrink(kase, (c) => differs(engine, c))
  const { xml } = await engine.ask({ op: 'play', case: small })
  console.log(`  ${text(await differs(engine, small))}\n  ${JSON.stringify(small.plan.steps)}\n  ${xml}`)
}
for (const [why, n] of known) console.log(`by design, in ${n} forms: ${why}`)
console.log(`differential: ${same} forms agree, ${decidedOtherwise} by design, ${found.length} differ`)
engine.stop()
process.exitCode = found.length ? 1 : 0
