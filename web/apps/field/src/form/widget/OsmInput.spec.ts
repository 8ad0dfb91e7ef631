// @vitest-environment happy-dom
import { readOsm } from '@ruhu/api'
import type { Tag } from '@ruhu/engine'
import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { i18n } from '../../locale'
import { FORM } from '../context'
import OsmInput from './OsmInput.vue'

const device = vi.hoisted(() => ({ locate: vi.fn() }))
vi.mock('../../device/position', async (real) => ({ ...(await real()), locate: device.locate }))
beforeEach(() => {
  device.locate.mockResolvedValue({ lat: 29.5, lon: 109.5, alt: 0, accuracy: 5, odd: ['exact'] })
})

const asked: Tag[] = [
  {
    key: 'building',
    label: '用途',
    choices: [
      { value: 'house', label: '住房' },
      { value: 'barn', label: '' },
    ],
  },
  { key: 'name', label: '', choices: [] },
]
/** What the phone keeps, by digest. */
let kept: Map<string, Blob>
beforeEach(() => (kept = new Map()))

async function show(tags: Tag[] | undefined, value = '') {
  const put = (p: { sha256: string; blob: Blob }) => Promise.resolve(void kept.set(p.sha256, p.blob))
  const get = (k: string) => Promise.resolve(kept.has(k) ? { blob: kept.get(k) } : undefined)
  const odd: string[] = []
  const context = {
    db: { pictures: { put, get } },
    assignment: 'a',
    filling: {
      oddity: (code: string) => void odd.push(code),
      beforeLeaving: () => () => undefined,
      set: () => undefined,
    },
  }
  const w = mount(OsmInput, {
    props: {
      control: {} as never,
      node: { value, tags } as never,
      inputId: 'x',
      wrong: false,
      onSet: (v: string) => w.setProps({ node: { value: v, tags } as never }),
    },
    global: { plugins: [i18n], provide: { [FORM as symbol]: context } },
  })
  await flushPromises()
  const file = () => w.get('[data-test="osm"]').attributes('data-file') ?? ''
  const place = async () => readOsm((await kept.get(file().slice(0, 64))?.text()) ?? '')
  return { w, file, place, odd }
}

it('asks for the tags of the form and keeps them with the place as a file', async () => {
  const { w, file, place, odd } = await show(asked)
  const values = w.findAll('[data-test="osm-value"]')
  expect(values.map((v) => v.element.tagName)).toEqual(['SELECT', 'INPUT'])
  expect(w.findAll('option').map((o) => o.text())).toEqual(['未选', '住房', 'barn'])
  await values[0]?.setValue('house')
  await expect.poll(file).toMatch(/^[0-9a-f]{64}\.osm$/)
  expect(await place()).toEqual({ at: null, tags: { building: 'house' } })
  await values[1]?.setValue(' 老屋 ')
  await values[1]?.trigger('blur')
  await w.get('[data-test="osm-take"]').trigger('click')
  await expect.poll(place).toEqual({ at: { lat: 29.5, lon: 109.5 }, tags: { building: 'house', name: '老屋' } })
  expect(odd).toEqual(['exact'])

  const again = await show(asked, file())
  expect(again.w.findAll<HTMLInputElement>('[data-test="osm-value"]').map((v) => v.element.value)).toEqual([
    'house',
    '老屋',
  ])
  expect(again.w.find('[data-test="osm-at"]').exists()).toBe(true)
})

it('is no answer when everything was taken back', async () => {
  const { w, file } = await show(asked)
  const [use] = w.findAll('[data-test="osm-value"]')
  await use?.setValue('house')
  await expect.poll(file).not.toBe('')
  await use?.setValue('')
  await expect.poll(file).toBe('')
})

it('takes tags of one’s own where the form names none', async () => {
  const { w, place } = await show(undefined)
  await w.get('[data-test="osm-more"]').trigger('click')
  const pairs = w.findAll('[data-test="osm-own"]')
  expect(pairs).toHaveLength(2)
  for (const [i, text] of ['amenity', 'well'].entries()) await pairs[0]?.findAll('input')[i]?.setValue(text)
  await pairs[0]?.findAll('input')[1]?.trigger('blur')
  await expect.poll(place).toEqual({ at: null, tags: { amenity: 'well' } })
})

it('keeps what was typed when the page is left at once', async () => {
  const { w } = await show(asked)
  await w.findAll('[data-test="osm-value"]')[1]?.setValue('新屋')
  w.unmount()
  await expect.poll(() => kept.size).toBe(1)
})

it('says so when only the server has it, and why there is no place', async () => {
  const { w } = await show(asked, `${'b'.repeat(64)}.osm`)
  expect(w.text()).toContain('在服务器上')
  await w.get('[data-test="osm-again"]').trigger('click')
  device.locate.mockRejectedValue('denied')
  await w.get('[data-test="osm-take"]').trigger('click')
  await flushPromises()
  expect(w.get('[data-test="osm-trouble"]').text()).toContain('没有定位权限')
})
