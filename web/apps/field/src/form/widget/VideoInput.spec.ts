// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { i18n } from '../../locale'
import { FORM } from '../context'
import VideoInput from './VideoInput.vue'

const MB = 1024 * 1024
const put = vi.fn()
beforeEach(() => {
  put.mockReset().mockResolvedValue(undefined)
  room(10_000)
})
afterEach(() => vi.unstubAllGlobals())

/** The browser says that so much is free. */
function room(mb: number): void {
  const estimate = () => Promise.resolve({ quota: mb * MB, usage: 0 })
  vi.stubGlobal('navigator', { storage: { persisted: () => Promise.resolve(true), estimate } })
}

async function film(bytes: number, type = 'video/mp4', name = 'VID_1.mp4') {
  const context = {
    db: { pictures: { put, get: () => Promise.resolve(undefined) } },
    assignment: 'a',
    filling: { beforeLeaving: () => () => undefined },
  }
  const w = mount(VideoInput, {
    props: {
      control: { appearance: '' } as never,
      node: { value: '' } as never,
      inputId: 'x',
      wrong: false,
      onSet: (value: string) => w.setProps({ node: { value } as never }),
    },
    global: { plugins: [i18n], provide: { [FORM as symbol]: context } },
  })
  await flushPromises()
  const input = w.get<HTMLInputElement>('[data-test="video-file"]')
  const file = new File(['film'], name, { type })
  Object.defineProperty(file, 'size', { value: bytes })
  Object.defineProperty(input.element, 'files', { value: [file] })
  await input.trigger('change')
  const answer = () => w.get('[data-test="video"]').attributes('data-file') ?? ''
  const trouble = () => w.find('[data-test="video-trouble"]')
  await expect.poll(() => answer() !== '' || trouble().exists()).toBe(true)
  return { w, file: answer(), trouble: trouble() }
}

it('keeps a film as it is, and says beforehand how large it may be', async () => {
  const { w, file } = await film(50 * MB)
  expect(w.text()).toContain('不超过 50 MB')
  expect(file).toMatch(/^[0-9a-f]{64}\.mp4$/)
  expect(put).toHaveBeenCalledTimes(1)
})

it('keeps none that is too large, and none of nothing', async () => {
  const big = await film(50 * MB + 1)
  expect([big.file, big.trouble.text()]).toEqual(['', expect.stringContaining('超过 50 MB')])
  expect((await film(0)).trouble.text()).toContain('没有拍到')
  expect(put).not.toHaveBeenCalled()
})

it('tells before the phone is full, not when it is', async () => {
  room(70)
  const { w, file, trouble } = await film(30 * MB)
  expect(w.find('[data-test="video-tight"]').exists()).toBe(true)
  expect([file, trouble.text()]).toEqual(['', expect.stringContaining('空间已满')])
  expect(put).not.toHaveBeenCalled()
  expect((await film(10 * MB)).file).not.toBe('')
})

it('calls a film of an unknown kind as its camera did', async () => {
  expect((await film(1, 'video/x-strange', 'a.MKV')).file).toMatch(/\.mkv$/)
  expect((await film(1, '', 'no ending')).file).toMatch(/\.bin$/)
})
