import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import zh from './locale/zh'

const root = fileURLToPath(new URL('.', import.meta.url))
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.(vue|ts)$/.test(f) && !f.endsWith('.spec.ts') && !f.startsWith('locale'))
  .map((f) => readFileSync(join(root, f), 'utf8'))
const all = sources.join('\n')
const keys = Object.entries(zh).flatMap(([group, words]) => Object.keys(words).map((word) => `${group}.${word}`))

it('has a sentence for every key that a screen uses', () => {
  const used = [...all.matchAll(/['"`]([a-z]+\.[a-zA-Z]+)['"`]/g)]
    .map((m) => m[1] ?? '')
    .filter((key) => (key.split('.')[0] ?? '') in zh && !key.endsWith('.vue'))
  expect(used.length).toBeGreaterThan(100)
  expect(used.filter((key) => !keys.includes(key))).toEqual([])
})

it('has no sentence that no screen uses', () => {
  const byVariable = (key: string) => all.includes('`' + key.split('.')[0] + '.${')
  expect(keys.filter((key) => !all.includes(`'${key}'`) && !byVariable(key))).toEqual([])
})

it('lists every hook for tests in the README', () => {
  const used = new Set([...all.matchAll(/\s(?:data-test|test)="([\w-]+)"/g)].map((m) => m[1] ?? ''))
  const readme = readFileSync(join(root, '../README.md'), 'utf8')
  const listed = new Set([...readme.matchAll(/`([\w-]+)`/g)].map((m) => m[1] ?? ''))
  expect(used.size).toBeGreaterThan(60)
  expect([...used].filter((hook) => !listed.has(hook))).toEqual([])
})
