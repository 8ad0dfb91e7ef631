import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')
const folder = (path: string) => {
  const root = fileURLToPath(new URL(path, import.meta.url))
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.vue'))
    .map((f) => readFileSync(join(root, f), 'utf8'))
}

it('lists every hook for tests in the README', () => {
  const sources = [...folder('.'), ...folder('../../../packages/ui/src')]
  const used = new Set(sources.flatMap((s) => [...s.matchAll(/\sdata-test="([\w-]+)"/g)].map((m) => m[1] ?? '')))
  const listed = new Set([...read('../README.md').matchAll(/`([\w-]+)`/g)].map((m) => m[1] ?? ''))
  expect(used.size).toBeGreaterThan(120)
  expect([...used].filter((hook) => !listed.has(hook))).toEqual([])
})
