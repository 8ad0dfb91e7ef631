// Reads places as an office has them: one per line, a code of 6, 9 or 12 digits and a name, in either order, separated by
// white space, a comma or a tab (as pasted from a spreadsheet).

export interface Line {
  line: number // 1-based
  code: string
  name: string
}

export interface Lines {
  items: Line[]
  /** Lines that hold no code and name. */
  bad: number[]
}

const codePattern = /^(\d{6}|\d{9}|\d{12})$/
// Full-width digits come out of some input methods.
const narrow = (s: string) => s.replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))

export function readLines(text: string): Lines {
  const out: Lines = { items: [], bad: [] }
  text.split(/\r?\n/).forEach((raw, i) => {
    if (raw.trim() === '') return
    const words = narrow(raw)
      .split(/[\s,，;；]+/)
      .filter((w) => w !== '')
    const code = words.find((w) => codePattern.test(w))
    const name = words.find((w) => !/^\d+$/.test(w))
    if (code && name) out.items.push({ line: i + 1, code, name })
    else out.bad.push(i + 1)
  })
  return out
}
