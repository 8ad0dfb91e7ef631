import type { Client } from './api'

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
