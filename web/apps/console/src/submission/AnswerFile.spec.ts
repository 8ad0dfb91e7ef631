// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { writeOsm } from '@ruhu/api'
import { i18n } from '../i18n'
import AnswerFile from './AnswerFile.vue'

const show = (name: string) =>
  mount(AnswerFile, { props: { url: `/f/${name}`, name, label: '口述' }, global: { plugins: [i18n] } })
afterEach(() => vi.unstubAllGlobals())

it('plays what was said, says when the browser cannot, and offers the file either way', async () => {
  const w = show('a.weba')
  const sound = w.get('[data-test="answer-audio"]')
  expect([sound.attributes('src'), sound.attributes('aria-label')]).toEqual(['/f/a.weba', '口述'])
  await sound.trigger('error')
  expect(w.find('audio').exists()).toBe(false)
  expect(w.get('[data-test="answer-unplayable"]').text()).not.toBe('')
  expect(w.get('[data-test="answer-download"]').attributes('href')).toBe('/f/a.weba')
})

it('plays a film and only offers what it does not know', () => {
  expect(show('a.mp4').find('[data-test="answer-video"]').exists()).toBe(true)
  const other = show('plan.pdf')
  expect([other.find('img').exists(), other.get('[data-test="answer-download"]').text()]).toEqual([
    false,
    '下载（pdf）',
  ])
})

it('reads the tags of a place', async () => {
  const answer = (text: string) => vi.stubGlobal('fetch', () => Promise.resolve(new Response(text)))
  answer(writeOsm({ at: { lat: 29.1, lon: 109.2 }, tags: { building: 'house' } }))
  const w = show('a.osm')
  await flushPromises()
  expect(w.get('[data-test="answer-osm"]').text()).toMatch(/building\s*house.*29\.1, 109\.2/)
  answer('broken')
  const bad = show('a.osm')
  await flushPromises()
  expect(bad.find('[data-test="answer-osm"]').exists()).toBe(false)
  expect(bad.text()).toContain('读不出')
})
