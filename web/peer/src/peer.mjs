// @getodk/xforms-engine behind the operations of docs/form-trace.md.
import { asBrowser } from './world.mjs'

const engine = await asBrowser(() => import('@getodk/xforms-engine'))

const who = { deviceID: 'device', username: 'enumerator', email: 'enumerator@example.org', phoneNumber: '+15550100' }

/** Loads and compiles. attachments: URI → text; a missing one is an empty list. Throws when the form is refused. */
export async function load(xml, attachments = {}) {
  const result = await engine.loadForm(xml, {
    missingResourceBehavior: engine.constants.MISSING_RESOURCE_BEHAVIOR.BLANK,
    fetchFormAttachment: async (url) => {
      const text = attachments[String(url)]
      if (text === undefined) return new Response('', { status: 404 })
      const type = String(url).endsWith('.csv')
        ? 'text/csv'
        : String(url).endsWith('.geojson')
          ? 'application/geo+json'
          : 'text/xml'
      return new Response(text, { status: 200, headers: { 'content-type': type } })
    },
  })
  if (result.status === 'failure') throw result.error
  return result
}

export const open = (form) => form.createInstance({ preloadProperties: who }).root

export async function restore(form, xml) {
  const data = new FormData()
  const file = new File([xml], engine.constants?.INSTANCE_FILE_NAME ?? 'xml_submission_file', { type: 'text/xml' })
  data.set('xml_submission_file', file)
  return (await form.restoreInstance({ data: [data] }, { preloadProperties: who })).root
}

export async function submission(root) {
  const payload = await root.prepareInstancePayload()
  return await payload.data[0].get('xml_submission_file').text()
}

/** All nodes, in document order: what a client has to read to show the form. */
export function* walk(node) {
  yield node
  for (const child of node.currentState.children ?? []) yield* walk(child)
}

const isRange = (n) => n.nodeType.startsWith('repeat-range')

export const key = (n) => n.currentState.reference + (isRange(n) ? '|range' : '')

/** One node as a record of the trace. */
export function record(n) {
  const s = n.currentState
  const r = { ref: s.reference, type: n.nodeType, relevant: s.relevant, required: s.required, readonly: s.readonly }
  if (isRange(n)) return { ...r, count: s.children.length }
  if (s.children) return r
  const v = n.validationState
  r.datatype = n.valueType
  r.value = n.getXPathValue()
  r.constraint_ok = v.constraint.valid
  r.required_ok = v.required.valid
  if (v.violation) r.violation = v.violation.condition
  if (n.nodeType === 'select' || n.nodeType === 'rank')
    r.choices = s.valueOptions.map((o) => [o.value, o.label?.asString ?? ''])
  return r
}

export function records(root) {
  const all = new Map()
  for (const n of walk(root)) all.set(key(n), record(n))
  return all
}

export function find(root, ref) {
  let node = root
  for (;;) {
    const at = node.currentState.reference
    if (at === ref) return node
    // The child whose reference leads there; a repeat range has the reference of its instances without the number.
    node = node.currentState.children?.find((c) => {
      const r = c.currentState.reference
      return ref === r || ref.startsWith(r + '/') || (isRange(c) && ref.startsWith(r + '['))
    })
    if (!node) return undefined
  }
}

const words = (value) => value.split(/\s+/).filter(Boolean)

/** Does one step; throws when the peer refuses it. */
export function apply(root, step) {
  const { op, ref, value = '' } = step
  if (op === 'add') {
    const n = find(root, ref)
    if (n?.nodeType !== 'repeat-range:uncontrolled') throw new Error(`no open repeat at ${ref}`)
    return n.addInstances()
  }
  if (op === 'remove') {
    const [, range, index] = /^(.*)\[(\d+)\]$/.exec(ref) ?? []
    const n = find(root, range)
    if (n?.nodeType !== 'repeat-range:uncontrolled' || n.currentState.children.length < index)
      throw new Error(`no instance at ${ref}`)
    return n.removeInstances(index - 1)
  }
  if (op === 'lang') return root.setLanguage(root.languages.find((l) => l.language === value))
  const n = find(root, ref)
  switch (n?.nodeType) {
    case 'input':
    case 'range':
      return n.setValue(value)
    case 'select':
      return n.selectValues(words(value))
    case 'rank':
      return n.setValues(words(value))
    case 'trigger':
      return n.setValue(value === 'OK')
    default:
      throw new Error(`no question at ${ref}`)
  }
}

/** Whether a client would let a person give this answer: all choices are on offer. */
function offered(root, { op, ref, value }) {
  const n = op === 'set' ? find(root, ref) : undefined
  if (n?.nodeType !== 'select' && n?.nodeType !== 'rank') return true
  const list = n.currentState.valueOptions.map((o) => o.value)
  const given = words(value)
  return (
    given.every((v) => list.includes(v)) && (n.nodeType === 'select' || !given.length || given.length === list.length)
  )
}

/**
 * Plays a plan: the full state after each step, then the submission and the state after it is opened again. Answers that are
 * not on offer at the time are left out; `steps` are those that were played.
 */
export async function play(xml, plan) {
  const form = await load(xml)
  const root = open(form)
  const states = [{ state: records(root) }]
  const steps = [...plan.steps]
  for (const step of plan.steps) {
    if (!offered(root, step)) {
      steps.splice(steps.indexOf(step), 1)
      continue
    }
    let rejected
    try {
      apply(root, step)
    } catch (e) {
      rejected = String(e)
    }
    states.push({ ref: step.ref, state: records(root), rejected })
  }
  const instance = await submission(root)
  let restored
  try {
    restored = records(await restore(form, instance))
  } catch (e) {
    restored = { error: String(e.cause ?? e) }
  }
  return { steps, states, instance, restored }
}
