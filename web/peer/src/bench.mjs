// Ours and @getodk/xforms-engine side by side: the same forms and answers, one after the other in one run. `npm run bench:engine`
// prints the tables of docs/benchmarks.md. RUHU_CONFORMANCE names the folder with the heavy forms.
//
//   --ms 1500   time for each figure; at least three rounds are measured, the median counts
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import './world.mjs'
import { build, start } from './ours.mjs'
const { apply, load, open, record, walk } = await import('./peer.mjs')

console.warn = () => {} // the peer tells of every instance that it drops
const given = process.argv.indexOf('--ms')
const budget = given > 0 ? Number(process.argv[given + 1]) : 1500
const corpus = process.env.RUHU_CONFORMANCE ?? fileURLToPath(new URL('../../../../shared/conformance', import.meta.url))
const engine = start(build(), { GOMAXPROCS: '1' })

async function median(round) {
  const times = []
  const begin = performance.now()
  while (times.length < 3 || performance.now() - begin < budget) {
    if (times.length >= 1 && performance.now() - begin > 8 * budget) break
    times.push(await round())
  }
  return times.sort((a, b) => a - b)[times.length >> 1]
}

const timed = async (f) => {
  const t = performance.now()
  await f()
  return performance.now() - t
}

/** The peer's figures. What a screen reads after an answer is the node that was answered and whether it is valid. */
async function peer({ xml, steps, attachments }) {
  let form = await load(xml, attachments)
  open(form)
  const loading = await median(() =>
    timed(async () => {
      form = await load(xml, attachments)
      open(form)
    }),
  )
  const answering = await median(async () => {
    const root = open(form)
    return timed(() => {
      for (const s of steps) {
        try {
          apply(root, s)
        } catch {
          continue // a question that is not there now
        }
      }
    })
  })
  // A whole submission: a new record, all answers, the state of every node. The peer has no other way to judge one.
  const judging = await median(() =>
    timed(() => {
      const root = open(form)
      for (const s of steps) {
        try {
          apply(root, s)
        } catch {
          continue
        }
      }
      for (const n of walk(root)) record(n)
    }),
  )
  return { load: loading, answers: answering, validate: judging }
}

const ms = (n) => (n >= 100 ? n.toFixed(0) : n >= 1 ? n.toFixed(1) : n.toFixed(3))
const kb = (n) => `${Math.round(n / 1024)} KB`
const rows = []

async function measure(name, input, { alone = false } = {}) {
  const { figures: a, error } = await engine.ask({ op: 'bench', ms: budget, ...input })
  if (error) throw new Error(`${name}: ${error}`)
  const b = alone ? undefined : await peer(input)
  rows.push({ name, a, b })
  const side = (k) => (b ? `${ms(a[k])} | ${ms(b[k])} | ${(b[k] / a[k]).toFixed(0)}x` : `${ms(a[k])} | – | –`)
  console.log(`| ${name} | ${a.nodes} | ${side('load')} | ${side('answers')} |`)
}

const sized = (kind, n, m = 0) => engine.ask({ op: 'sized', kind, n, m })

/** Heavy forms with the first hundred answers of their plan. */
function heavy(plan) {
  const file = join(corpus, 'plans', plan)
  if (!existsSync(file)) return undefined
  const p = JSON.parse(readFileSync(file, 'utf8'))
  const read = (f) => readFileSync(join(corpus, 'forms', f), 'utf8')
  if (!existsSync(join(corpus, 'forms', p.file))) return undefined
  const attachments = {}
  for (const [uri, f] of Object.entries(p.attachments))
    if (f && existsSync(join(corpus, 'forms', f))) attachments[uri] = read(f)
  const steps = p.steps.filter((s) => s.op !== 'lang' && !s.rejected)
  const hundred = Array.from({ length: 100 }, (_, i) => steps[i % steps.length])
  return { xml: read(p.file), attachments, steps: hundred.map(({ op, ref, value }) => ({ op, ref, value })) }
}

console.log(
  `${cpus().length} x ${cpus()[0].model}, Node ${process.version}; medians, ms; a round is at most one core\n`,
)
console.log(
  '| form | nodes | load: ours | peer | ratio | answers: ours | peer | ratio |\n|---|---|---|---|---|---|---|---|',
)
await measure('survey, 60 questions, 5 members', await sized('survey', 60, 5))
await measure('survey, 500 questions', await sized('survey', 500))
await measure('calculations, 500, 100 answers', await sized('calc', 500))
for (const plan of [
  'javarosa__whova_form~2.s1.json',
  'getodk__child_vaccination_VOL_tool_v12-alt.s1.json',
  'javarosa__nigeria_wards_external_combined.s1.json',
  'getodk__all-question-types-v2024091201-3.s1.json',
]) {
  const input = heavy(plan)
  if (input) await measure(`${basename(plan, '.s1.json').replace('__', '/')}, 100 answers`, input)
  else console.log(`| ${plan}: not in ${basename(corpus)}, skipped |`)
}
for (const n of [50, 500, 5000]) await measure(`scaling: ${n} questions`, await sized('survey', n), { alone: n > 500 })
for (const n of [5, 50, 500])
  await measure(`scaling: ${n} repeat instances`, await sized('repeat', n), { alone: n > 50 })

console.log(
  '\n| form | validations/s and core: ours | peer | ratio | form | session | allocations: open | answers | validation |',
)
console.log('|---|---|---|---|---|---|---|---|---|')
for (const { name, a, b } of rows)
  console.log(
    `| ${name} | ${(1000 / a.validate).toFixed(0)} | ${b ? (1000 / b.validate).toFixed(1) : '–'} | ${b ? (b.validate / a.validate).toFixed(0) + 'x' : '–'} | ${kb(a.form_bytes)} | ${kb(a.session_bytes)} | ${a.session_allocs} | ${a.answer_allocs} | ${a.valid_allocs} |`,
  )
engine.stop()
