// @vitest-environment happy-dom
import type { FieldPackage, Me } from '@ruhu/api'
import type { Control, NodeState } from '@ruhu/engine'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { hashPin } from '../../device/pin'
import { i18n } from '../../locale'
import { me, pack } from '../../session/session'
import { FORM, type FormContext } from '../context'
import EnumeratorInput from './EnumeratorInput.vue'

const vouch = vi.fn()
const set = vi.fn()
const person = (n: number) => ({ id: `m${n}`, name: `组员${n}`, account: `diaocha${n}` })

beforeEach(() => {
  vi.clearAllMocks()
  me.value = person(1) as Me
})
afterEach(() => {
  me.value = pack.value = null
})

async function show(size: number) {
  const pin = await hashPin('246810')
  const members = Array.from({ length: size }, (_, i) => ({ ...person(i + 1), pin }))
  pack.value = { team: { members } } as unknown as FieldPackage
  const ref = '/d/e2'
  const filling = { beforeLeaving: () => () => undefined, set, vouch }
  const context = { filling, enumerators: ['/d/e1', ref], assignment: 'a' } as unknown as FormContext
  return mount(EnumeratorInput, {
    props: { control: { ref } as Control, node: { ref, value: '' } as NodeState, inputId: 'q', wrong: false },
    global: { plugins: [i18n], provide: { [FORM as symbol]: context } },
  })
}

it('asks no PIN of anybody before one of several was chosen', async () => {
  const w = await show(3)
  const who = w.get<HTMLSelectElement>('[data-test="enumerator-who"]')
  expect(who.element.value).toBe('')
  expect(w.find('[data-test="enumerator-pin"]').exists()).toBe(false)
  await who.setValue('m3')
  await w.get('[data-test="enumerator-pin"]').setValue('246810')
  await w.get('[data-test="enumerator-partner"]').trigger('click')
  await vi.waitFor(() => expect(vouch).toHaveBeenCalled())
  expect(vouch).toHaveBeenCalledWith('/d/e2', expect.objectContaining({ account: 'm3', method: 'pin' }))
})

it('knows the only other one, and says when there is none', async () => {
  const two = await show(2)
  expect(two.find('[data-test="enumerator-who"]').exists()).toBe(false)
  expect(two.text()).toContain('组员2')
  expect(two.find('[data-test="enumerator-pin"]').exists()).toBe(true)
  const one = await show(1)
  await flushPromises()
  expect(one.text()).toContain('还没有分组')
})
