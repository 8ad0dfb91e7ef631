import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { toBase64 } from '../vault/bytes'
import { CURVE, makeBadge, minuteOf, readBadge, signedBy } from './token'

interface Vector {
  by: string
  point: string
  account: string
  device: string
  minute: number
  text: string
}

const ACCOUNT = '019cae80-0001-7000-8000-00000000a001'
const DEVICE = '019cae80-0002-7000-8000-00000000d001'

async function pair(): Promise<{ key: CryptoKey; point: string }> {
  const made = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify'])
  const point = toBase64(new Uint8Array(await crypto.subtle.exportKey('raw', made.publicKey)))
  return { key: made.privateKey, point }
}

it('reads what the server reads: its own and ours', async () => {
  const file = new URL('../../../../../internal/device/testdata/badge.json', import.meta.url)
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[]
  expect(vectors.map((v) => v.by).sort()).toEqual(['go', 'js'])
  for (const { by, point, text, ...said } of vectors) {
    const b = readBadge(text)
    expect(b, by).toMatchObject(said)
    expect(b && (await signedBy(b, point)), by).toBe(true)
    expect(b && (await signedBy({ ...b, minute: b.minute + 1 }, point)), by).toBe(false)
  }
})

it('makes a text that says who, which phone and when', async () => {
  const { key, point } = await pair()
  const text = await makeBadge(key, ACCOUNT, DEVICE, 29541120)
  expect(text).toMatch(/^RUHU1:[A-Z2-7]{160}$/)
  const b = readBadge(text)
  expect(b).toMatchObject({ account: ACCOUNT, device: DEVICE, minute: 29541120, text })
  expect(b && (await signedBy(b, point))).toBe(true)
  expect(b && (await signedBy(b, (await pair()).point))).toBe(false)
  expect(b && (await signedBy(b, 'no point'))).toBe(false)
})

it('holds in no other sign', async () => {
  const { key, point } = await pair()
  const text = await makeBadge(key, ACCOUNT, DEVICE, 29541120)
  for (let i = 0; i < text.length; i++) {
    const other = text.slice(0, i) + (text[i] === 'A' ? 'B' : 'A') + text.slice(i + 1)
    const b = readBadge(other)
    expect(b !== null && (await signedBy(b, point)), other).toBe(false)
  }
})

it('takes nothing else for a badge', async () => {
  const text = await makeBadge((await pair()).key, ACCOUNT, DEVICE, 1)
  const others = ['', 'RUHU1:', 'https://example.org/h/1', text.slice(1), text + 'A', text.slice(0, -1), text + '\n']
  for (const x of [...others, text.toLowerCase(), text.replace('RUHU1', 'RUHU2'), text.slice(0, -8)])
    expect(readBadge(x), x).toBeNull()
})

it('counts minutes from their beginning', () => {
  expect([0, 59_999, 60_000].map(minuteOf)).toEqual([0, 0, 1])
})
