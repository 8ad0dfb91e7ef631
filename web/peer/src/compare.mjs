// When two traces are the same. The fields that count are value, relevant, required, readonly, constraint_ok, choices, count
// and the submission; all but relevant only while the node is relevant on both sides; 3 and 3.0 are equal.

const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

export function sameValue(a, b) {
  if (a === b) return true
  return number.test(a ?? '') && number.test(b ?? '') && Number(a) === Number(b)
}

const meta = /^\/[^/]+\/meta(\/|$)/

/** What differs between two nodes, as [field, ours, theirs]; undefined when nothing does. */
function difference(a, b) {
  if (a.relevant !== b.relevant) return ['relevant', a.relevant, b.relevant]
  if (!a.relevant) return undefined
  if (a.readonly !== b.readonly) return ['readonly', a.readonly, b.readonly]
  if (a.count !== b.count) return ['count', a.count, b.count]
  if (b.value === undefined) return undefined
  if (!sameValue(a.value, b.value)) return ['value', a.value, b.value]
  if (a.required !== b.required) return ['required', a.required, b.required]
  if (a.constraint_ok !== b.constraint_ok) return ['constraint_ok', a.constraint_ok, b.constraint_ok]
  if (b.choices && JSON.stringify(a.choices ?? []) !== JSON.stringify(b.choices))
    return ['choices', JSON.stringify(a.choices), JSON.stringify(b.choices)]
  return undefined
}

/** First the counts of repeats, then what is there on one side only, then everything else. */
function* state(ours, theirs) {
  const exists = (k, node, here) => ({ key: k, field: 'exists', ours: here, theirs: !here, node, state: theirs })
  const counts = [...theirs].filter(([, b]) => b.count !== undefined)
  const others = [...theirs].filter(([, b]) => b.count === undefined)
  yield* differing(ours, theirs, counts)
  for (const [k, b] of theirs) if (!meta.test(k) && !ours.has(k)) yield exists(k, b, false)
  for (const [k, a] of ours) if (!meta.test(k) && !theirs.has(k)) yield exists(k, a, true)
  yield* differing(ours, theirs, others)
}

function* differing(ours, theirs, nodes) {
  for (const [k, b] of nodes) {
    const a = ours.get(k)
    const d = a && !meta.test(k) && difference(a, b)
    if (d) yield { key: k, field: d[0], ours: d[1], theirs: d[2], node: b, state: theirs }
  }
}

/** Elements of a submission in document order as [path, text]; meta is left out, its instanceID is chance. */
export function leaves(xml) {
  const out = []
  const read = (el, path) => {
    const here = `${path}/${el.nodeName}`
    if (meta.test(here)) return
    out.push([here, el.children.length ? '' : el.textContent])
    for (const c of el.children) read(c, here)
  }
  read(new DOMParser().parseFromString(xml, 'text/xml').documentElement, '')
  return out
}

/** All differences of two runs: {step, key, field, ours, theirs, node}. */
export function* differences(ours, theirs) {
  for (const [i, b] of theirs.states.entries()) {
    const a = ours.states[i]
    if (!a.rejected !== !b.rejected) {
      const node = a.state.get(b.ref) ?? b.state.get(b.ref)
      yield { step: i, key: b.ref, field: 'rejected', ours: a.rejected ?? '', theirs: b.rejected ?? '', node }
    }
    for (const d of state(a.state, b.state)) yield { step: i, ...d }
  }
  const [x, y] = [leaves(ours.instance), leaves(theirs.instance)]
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [a, b] = [x[i], y[i]]
    if (a?.[0] === b?.[0] && sameValue(a[1], b[1])) continue
    yield { step: 'submission', key: (a ?? b)[0], field: 'text', ours: a?.join('='), theirs: b?.join('=') }
    if (a?.[0] !== b?.[0]) return
  }
  const [r, s] = [ours.restored, theirs.restored]
  if (!r.error && !s.error) for (const d of state(r, s)) yield { step: 'restore', ...d }
  else if (!r.error !== !s.error) yield { step: 'restore', key: '', field: 'error', ours: r.error, theirs: s.error }
}
