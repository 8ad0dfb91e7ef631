// The smallest page over the engine: fetch the form, load the engine, show every question that is asked.
import { loadEngine } from '../../packages/engine/src/index.ts'

const marks = {}
const mark = (name) => {
  marks[name] = Math.round(performance.now())
}
const form = fetch('/form.xml').then((r) => r.text())
const engine = await loadEngine({ wasmUrl: '/ruhu.wasm' })
mark('engine')
const session = engine.compile(await form).open({ zone: 'Asia/Shanghai' })
mark('form')
for (const n of session.state()) {
  if (!n.relevant || !n.label) continue
  const label = document.createElement('label')
  label.textContent = n.label
  const field = n.choices ? document.createElement('select') : document.createElement('input')
  for (const c of n.choices ?? []) field.append(new Option(c.label, c.value))
  label.append(field)
  document.body.append(label)
}
requestAnimationFrame(() =>
  setTimeout(() => {
    mark('screen')
    window.marks = { ...marks, questions: document.querySelectorAll('label').length }
  }),
)
