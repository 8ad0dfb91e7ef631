// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { nextTick, reactive, type ShallowRef } from 'vue'
import { i18n } from '../../locale'
import { db, pack } from '../../session/session'
import { assignment, pkg } from '../../test/make'
import { FORM } from '../context'
import PositionInput from './PositionInput.vue'

// A phone that is open, with what earlier rounds saw in place of a store.
vi.mock('../../session/session', async (actual) => {
  const { shallowRef } = await import('vue')
  return { ...(await actual<object>()), db: shallowRef(null) }
})
const seen = (position: object | null): void => {
  const list = { items: [{ assignment: 'a1', pictures: [], position }] }
  ;(db as unknown as ShallowRef).value = { setting: async () => list }
}

const home = { lat: 27.123456789, lon: 109.987654321 }
let clock = 1_000_000

/** The phone stands so many metres north of the dwelling. */
function stand(metres: number, accuracy: number): void {
  clock += 60_000
  const coords = { latitude: home.lat + metres / 111_195, longitude: home.lon, altitude: null, accuracy }
  const timestamp = clock
  vi.stubGlobal('navigator', {
    geolocation: { getCurrentPosition: (done: (p: unknown) => void) => done({ coords, timestamp }) },
  })
}

function show(position: typeof home | null) {
  const a = assignment()
  pack.value = pkg({ assignments: [{ ...a, household: { ...a.household, position } }] })
  const odd: string[] = []
  const filling = reactive({
    visit: { elsewhere: '' },
    setVisit: (_: string, value: string) => void (filling.visit.elsewhere = value),
    oddity: (code: string) => void odd.push(code),
    beforeLeaving: () => () => undefined,
  })
  const w = mount(PositionInput, {
    props: {
      control: {} as never,
      node: { value: '' } as never,
      inputId: 'x',
      wrong: false,
      onSet: (value: string) => w.setProps({ node: { value } as never }),
    },
    global: { plugins: [i18n], provide: { [FORM as symbol]: { filling, assignment: 'a1' } } },
  })
  const at = (hook: string) => w.find(`[data-test="${hook}"]`)
  const take = async () => {
    await at('position-take').trigger('click')
    await nextTick()
    await nextTick()
  }
  return { at, take, filling, odd }
}
afterEach(() => {
  vi.unstubAllGlobals()
  seen(null)
})

it('says calmly how far the dwelling is', async () => {
  stand(320, 10)
  const { at, take, odd } = show(home)
  await take()
  expect(at('position-home').text()).toContain('320')
  expect(at('position-far').exists()).toBe(false)
  expect(odd).toEqual([])
})

it('asks for a reason far away, and forgets it at home', async () => {
  stand(900, 10)
  const { at, take, filling } = show(home)
  await take()
  expect(at('position-far').text()).toContain('900')
  await at('position-why').setValue('在村委会')
  expect(filling.visit.elsewhere).toBe('在村委会')
  stand(30, 10)
  await take()
  expect(at('position-far').exists()).toBe(false)
  expect(filling.visit.elsewhere).toBe('')
})

it('does not ask when the phone may be at home, or nobody knows where that is', async () => {
  stand(650, 200)
  const near = show(home)
  await near.take()
  expect(near.at('position-far').exists()).toBe(false)
  const unknown = show(null)
  await unknown.take()
  expect(unknown.at('position-got').exists()).toBe(true)
  expect(unknown.at('position-home').exists()).toBe(false)
})

it('notes that a reading does not look measured', async () => {
  stand(0, 0)
  const { take, odd } = show(home)
  await take()
  expect(odd).toContain('exact')
})

it('goes by what an earlier round measured where the base list says nothing, and says so', async () => {
  seen({ ...home, accuracy: 30, round: '上一轮', day: '2025-04-13' })
  stand(525, 10)
  const near = show(null)
  await near.take()
  expect(near.at('position-far').exists()).toBe(false) // both readings may be off
  expect(near.at('position-was').text()).toContain('上一轮（2025-04-13）')
  stand(560, 10)
  await near.take()
  expect(near.at('position-far').text()).toContain('560')

  const listed = show({ lat: home.lat + 2000 / 111_195, lon: home.lon })
  await listed.take()
  expect(listed.at('position-far').text()).toContain('1400') // the base list knows better
  expect(listed.at('position-was').exists()).toBe(false)
})
