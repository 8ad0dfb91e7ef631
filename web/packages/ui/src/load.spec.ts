import { effectScope, nextTick, ref } from 'vue'
import { expect, it } from 'vitest'
import { useAction, useList, useLoad } from './load'

function inScope<T>(f: () => T): T {
  const value = effectScope().run(f)
  if (value === undefined) throw new Error('no scope')
  return value
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

it('drops an answer that a newer question has overtaken', async () => {
  const q = ref('slow')
  const answers: Record<string, (v: string) => void> = {}
  const load = inScope(() => useLoad(() => new Promise<string>((resolve) => (answers[q.value] = resolve)), [q]))
  q.value = 'fast'
  await nextTick()
  answers.fast?.('fast')
  await settle()
  answers.slow?.('slow')
  await settle()
  expect(load.data.value).toBe('fast')
  expect(load.busy.value).toBe(false)
})

it('keeps the last data beside the error of a failed reload', async () => {
  let fail = false
  const load = inScope(() => useLoad(() => (fail ? Promise.reject(new Error('x')) : Promise.resolve(1))))
  await settle()
  fail = true
  await load.reload()
  expect(load.data.value).toBe(1)
  expect(load.error.value).toBeInstanceOf(Error)
})

it('grows a list by its cursor and starts anew when a filter changes', async () => {
  const filter = ref('a')
  const list = inScope(() =>
    useList((cursor) => Promise.resolve({ items: [filter.value + cursor], next: cursor === '' ? '2' : '' }), [filter]),
  )
  await settle()
  await list.more()
  expect(list.items.value).toEqual(['a', 'a2'])
  expect(list.next.value).toBe('')
  filter.value = 'b'
  await nextTick()
  await settle()
  expect(list.items.value).toEqual(['b'])
})

it('runs one action at a time', async () => {
  const action = useAction()
  let runs = 0
  let done: () => void = () => undefined
  const first = action.run(() => new Promise((resolve) => ((runs += 1), (done = resolve))))
  expect(await action.run(() => Promise.resolve(void (runs += 1)))).toBe(false)
  done()
  expect(await first).toBe(true)
  expect(runs).toBe(1)
})
