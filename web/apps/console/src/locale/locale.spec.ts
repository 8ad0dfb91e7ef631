import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { uiLocale } from '@ruhu/ui/locale'
import en from './en'
import zh from './zh'

function flat(o: object, prefix = ''): Map<string, string> {
  const out = new Map<string, string>()
  for (const [k, v] of Object.entries(o)) {
    if (typeof v === 'string') out.set(prefix + k, v)
    else for (const [k2, v2] of flat(v as object, `${prefix}${k}.`)) out.set(k2, v2)
  }
  return out
}
const words = flat({ ...zh, ui: uiLocale['zh-CN'] })
const english = flat({ ...en, ui: uiLocale.en })
const src = fileURLToPath(new URL('..', import.meta.url))
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.(vue|ts)$/.test(f) && !/\.spec\.ts$|locale\//.test(f))
  .map((f) => readFileSync(join(src, f), 'utf8'))

it('has the same keys in both languages', () => {
  expect([...english.keys()].sort()).toEqual([...words.keys()].sort())
})

it('keeps the same placeholders in both languages', () => {
  const holes = (s: string) => [...s.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort()
  for (const [key, text] of words) expect(holes(english.get(key) ?? ''), key).toEqual(holes(text))
})

it('leaves no Chinese in the English words', () => {
  for (const [key, text] of english) expect(text, key).not.toMatch(/[\u4e00-\u9fff]/)
})

it('has every word that the screens ask for', () => {
  const asked = new Set(sources.flatMap((s) => [...s.matchAll(/\bt\(\s*'([\w.]+)'/g)].map((m) => m[1] ?? '')))
  expect(asked.size).toBeGreaterThan(150)
  expect([...asked].filter((key) => !words.has(key))).toEqual([])
})

it('has words for every code family that the screens ask for', () => {
  const families = new Set(sources.flatMap((s) => [...s.matchAll(/\bword\('(\w+)'/g)].map((m) => m[1] ?? '')))
  const known = new Set([...words.keys()].map((k) => k.split('.')[0]))
  // Departments and categories are data of the forms and shown as they are.
  expect([...families].filter((f) => !known.has(f)).sort()).toEqual(['category', 'sector'])
})

it('writes no Chinese outside the locale files', () => {
  const stray = sources.filter((s) =>
    /[\u4e00-\u9fff]/.test(
      s
        .replace(/'中文'/, '')
        .replace(/export const sectors[^\]]*\]/, '')
        .replace(/[（）、：，]/g, ''),
    ),
  )
  expect(stray.map((s) => s.slice(0, 120))).toEqual([])
})
