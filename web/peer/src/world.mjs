// What the peer needs around it on Node: a DOM (jsdom, with which its own tests run) and, for traces, a clock that stands still.
import { JSDOM } from 'jsdom'

// The peer takes the zone of the process.
process.env.TZ = 'UTC'

const { window } = new JSDOM('')
for (const name of ['DOMParser', 'XMLSerializer', 'Node', 'Element', 'Document', 'Attr', 'Text', 'XPathResult'])
  globalThis[name] ??= window[name]
globalThis.document = window.document

/** Imports what is built for browsers and, finding Node, would look for a CommonJS `__dirname`. */
export async function asBrowser(load) {
  const { process } = globalThis
  globalThis.window = window
  globalThis.process = undefined
  try {
    return await load()
  } finally {
    globalThis.process = process
    delete globalThis.window
  }
}

/** Freezes Date and, with it, the peer's today() and now(). Import the peer after this. */
export function freeze(iso) {
  const Real = globalThis.Date
  const at = Real.parse(iso)
  globalThis.Date = class extends Real {
    constructor(...args) {
      super(...(args.length ? args : [at]))
    }
    static now() {
      return at
    }
  }
}
