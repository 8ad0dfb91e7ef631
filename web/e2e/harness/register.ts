import type { Client } from './api'
import { packXlsx, sheetXml } from './workbook'

interface Columns {
  mapping: unknown
}

/** Loads a table (first row: header) as a register of a kind, with the columns that the server proposes, and waits for it. */
export async function loadRegister(office: Client, campaign: string, kind: string, rows: string[][]): Promise<void> {
  const csv = rows.map((r) => r.join(',')).join('\n') + '\n'
  const file = await office.ok<{ id: string }>(
    'POST',
    `/campaigns/${campaign}/registers?kind=${kind}&name=${kind}.csv`,
    csv,
  )
  const { mapping } = await office.ok<Columns>('GET', `/registers/${file.id}/columns`)
  await office.ok('POST', `/registers/${file.id}/load`, { mapping, skip_broken: false })
  for (;;) {
    const now = await office.ok<{ state: string; error?: string }>('GET', `/registers/${file.id}`)
    if (now.state === 'current') return
    if (now.state === 'failed') throw new Error(`${kind}: ${JSON.stringify(now)}`)
    await new Promise((go) => setTimeout(go, 100))
  }
}

/** Text in GBK, as offices save tables. The table is the browser's own, turned round. */
export function gbk(text: string): Uint8Array {
  const decode = new TextDecoder('gbk')
  const bytes = new Map<string, [number, number]>()
  for (let a = 0x81; a <= 0xfe; a++)
    for (let b = 0x40; b <= 0xfe; b++) if (b !== 0x7f) bytes.set(decode.decode(new Uint8Array([a, b])), [a, b])
  const out: number[] = []
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0
    const pair = code < 0x80 ? [code] : bytes.get(c)
    if (!pair) throw new Error(`${c} is not in GBK`)
    out.push(...pair)
  }
  return new Uint8Array(out)
}

/** The bytes of an .xlsx with one sheet whose cells are merged by these ranges. */
export function merged(name: string, rows: (string | null)[][], ranges: string[]): Uint8Array {
  const cells = ranges.map((r) => `<mergeCell ref="${r}"/>`).join('')
  return packXlsx({ [name]: sheetXml(rows).replace('</sheetData>', `</sheetData><mergeCells>${cells}</mergeCells>`) })
}
