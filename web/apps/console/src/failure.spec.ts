// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { failure, watchFailures } from './failure'

const page = { template: '<p />' }
function setUp(screen: () => Promise<typeof page>, now: () => number) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: page },
      { path: '/a', component: screen },
    ],
  })
  const reload = vi.fn()
  watchFailures(router, reload, now)
  return { router, reload }
}
beforeEach(() => {
  sessionStorage.clear()
  failure.value = undefined
})

it('loads the page anew when the files of a screen are gone, but not for ever', async () => {
  let time = 1_000_000
  const missing = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module: /assets/x.js'))
  const { router, reload } = setUp(missing, () => time)
  await router.push('/a').catch(() => undefined)
  expect(reload).toHaveBeenCalledWith('/a')
  time += 5000
  await router.push('/a').catch(() => undefined)
  expect(reload).toHaveBeenCalledTimes(1)
  expect(failure.value).toBeInstanceOf(TypeError)
})

it('shows other failures until a screen opens', async () => {
  const { router, reload } = setUp(
    () => Promise.reject(new Error('offline')),
    () => 1_000_000,
  )
  await router.push('/a').catch(() => undefined)
  expect(reload).not.toHaveBeenCalled()
  expect(failure.value).toBeInstanceOf(Error)
  await router.push('/')
  expect(failure.value).toBeUndefined()
})
