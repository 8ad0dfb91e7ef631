import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeForm } from '../test/engine'
import { ElsewhereError, FullError } from '../store/store'
import { AGAIN_AFTER, FINISH, SAVE_AFTER, SAVE_WITHIN, useFilling } from './filling'

const pages = {
  '/d/one': [{ ref: '/d/one/a', required: true }],
  '/d/two': [{ ref: '/d/two/b', when: ['/d/one/a', '1'] as [string, string] }],
  '/d/three': [{ ref: '/d/three/c' }],
}

function setup(page: string | null = null, save = vi.fn(async () => undefined)) {
  return { save, filling: useFilling({ ...fakeForm(pages), page, save }) }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('filling a form', () => {
  it('leaves out pages on which nothing is asked', () => {
    const { filling } = setup()
    expect(filling.order).toEqual(['/d/one', '/d/three', FINISH])
    filling.set('/d/one/a', '1')
    expect(filling.order).toEqual(['/d/one', '/d/two', '/d/three', FINISH])
  })

  it('opens where the draft was left', () => {
    expect(setup('/d/three').filling.here?.page.key).toBe('/d/three')
  })

  it('knows what is open on a page, and on which page a question is', () => {
    const { filling } = setup()
    expect(filling.open(['/d/one/a', '/d/three/c'])).toEqual(['/d/one/a'])
    expect(filling.pageOf('/d/three/c')).toBe('/d/three')
    expect(filling.pageOf('/d/two/b')).toBeNull()
  })

  it('writes an answer that comes while another one is being written', async () => {
    const release: (() => void)[] = []
    const drafts: string[] = []
    const save = vi.fn((xml: string) => {
      drafts.push(xml)
      return new Promise<undefined>((done) => release.push(() => done(undefined)))
    })
    const filling = useFilling({ ...fakeForm(pages), page: null, save: save as never })
    filling.set('/d/three/c', 'x')
    await vi.advanceTimersByTimeAsync(SAVE_AFTER)
    filling.set('/d/three/c', 'xy')
    release[0]?.()
    await vi.advanceTimersByTimeAsync(1)
    expect(filling.saving).toBe('pending')
    await vi.advanceTimersByTimeAsync(SAVE_AFTER)
    release[1]?.()
    await vi.advanceTimersByTimeAsync(1)
    expect(filling.saving).toBe('saved')
    expect(drafts.map((d) => d.includes('xy'))).toEqual([false, true])
  })

  it('says that the phone is full until it could write, and tries again by itself', async () => {
    let full = true
    const { filling, save } = setup(
      null,
      vi.fn(async () => {
        if (full) throw new FullError('no room')
        return undefined
      }),
    )
    filling.set('/d/three/c', 'x')
    await vi.advanceTimersByTimeAsync(SAVE_AFTER)
    expect(filling.saving).toBe('failed')
    filling.set('/d/three/c', 'xy')
    expect(filling.saving).toBe('failed')
    await vi.advanceTimersByTimeAsync(SAVE_AFTER)
    full = false
    await vi.advanceTimersByTimeAsync(AGAIN_AFTER)
    expect(filling.saving).toBe('saved')
    expect(save).toHaveBeenCalledTimes(3)
  })

  it('says why nothing was written, when it was not the room', async () => {
    const error = vi.spyOn(console, 'error').mockReturnValue()
    const reasons: unknown[] = ['locked', Object.assign(new Error(), { name: 'DatabaseClosedError' }), new Error('?')]
    const { filling } = setup(
      null,
      vi.fn(async () => {
        if (reasons.length > 0) throw reasons.shift()
        return undefined
      }),
    )
    filling.set('/d/three/c', 'x')
    await vi.advanceTimersByTimeAsync(SAVE_AFTER)
    const said = [filling.trouble]
    for (let n = 0; n < 2; n++) {
      await vi.advanceTimersByTimeAsync(AGAIN_AFTER)
      said.push(filling.trouble)
    }
    expect(said).toEqual(['locked', 'closed', 'unknown'])
    await vi.advanceTimersByTimeAsync(AGAIN_AFTER)
    expect(filling.saving).toBe('saved')
    error.mockRestore()
  })

  it('writes the draft well within a second of an answer, and gathers quick typing', async () => {
    const { filling, save } = setup()
    filling.set('/d/three/c', 'x')
    filling.set('/d/three/c', 'xy')
    expect(filling.saving).toBe('pending')
    expect(SAVE_AFTER).toBeLessThan(1000)
    await vi.advanceTimersByTimeAsync(SAVE_AFTER)
    expect(save.mock.calls).toEqual([['[["/d/three/c","xy"]]', '/d/one', {}]])
    expect(filling.saving).toBe('saved')
  })

  it('does not wait for the end of the typing', async () => {
    const { filling, save } = setup()
    for (let n = 1; n <= 40; n++) {
      filling.set('/d/three/c', 'x'.repeat(n))
      await vi.advanceTimersByTimeAsync(SAVE_AFTER / 5)
    }
    expect(save.mock.calls.length).toBe(Math.floor((40 * SAVE_AFTER) / 5 / SAVE_WITHIN))
    await vi.advanceTimersByTimeAsync(SAVE_AFTER)
    expect(save.mock.lastCall).toEqual([JSON.stringify([['/d/three/c', 'x'.repeat(40)]]), '/d/one', {}])
  })

  it('has one draft on its way at a time, however slow the phone is', async () => {
    let under = 0
    let most = 0
    const save = vi.fn(async () => {
      most = Math.max(most, ++under)
      await new Promise((done) => setTimeout(done, 4 * SAVE_AFTER))
      under--
      return undefined
    })
    const { filling } = setup(null, save)
    for (let n = 1; n <= 100; n++) {
      filling.set('/d/three/c', 'x'.repeat(n))
      await vi.advanceTimersByTimeAsync(SAVE_AFTER / 5)
    }
    await vi.advanceTimersByTimeAsync(20 * SAVE_AFTER)
    expect(filling.saving).toBe('saved')
    expect(most).toBe(1)
    expect(save.mock.calls.length).toBeLessThan(8)
  })

  it('never writes over what another window has written', async () => {
    const save = vi.fn(() => Promise.reject(new ElsewhereError()))
    const { filling } = setup(null, save as never)
    filling.set('/d/three/c', 'x')
    await vi.advanceTimersByTimeAsync(SAVE_AFTER)
    expect(filling.saving).toBe('elsewhere')
    filling.set('/d/three/c', 'xy')
    await vi.advanceTimersByTimeAsync(AGAIN_AFTER)
    await filling.flush()
    expect(save).toHaveBeenCalledTimes(1)
  })

  it('writes at once when the page is turned, with the new page', async () => {
    const { filling, save } = setup()
    filling.go('/d/three')
    await vi.advanceTimersByTimeAsync(0)
    expect(save.mock.calls).toEqual([['[]', '/d/three', {}]])
  })

  it('takes back what two people vouched for when an answer on another page changes', () => {
    const undone = vi.fn()
    const { form, session } = fakeForm({ ...pages, '/d/three': [{ ref: '/d/three/c' }, { ref: '/d/three/h' }] })
    const save = async () => undefined
    const filling = useFilling({
      form,
      session,
      page: null,
      save,
      vouching: { refs: ['/d/three/c'], hands: { '/d/three/c': '/d/three/h' }, already: false, undone },
    })
    filling.set('/d/three/h', 'early.png')
    expect(filling.node('/d/three/h')?.value, 'nobody has confirmed').toBe('')
    filling.set('/d/three/c', '调查员甲')
    filling.set('/d/three/h', 'hand.png')
    filling.set('/d/one/a', '1')
    expect(filling.node('/d/three/c')?.value).toBe('')
    expect(filling.node('/d/three/h')?.value, 'the hand goes with the word').toBe('')
    expect(undone).toHaveBeenCalledOnce()
    filling.set('/d/three/c', '调查员甲')
    filling.set('/d/three/h', 'hand.png')
    filling.set('/d/one/a', '1')
    expect(filling.node('/d/three/c')?.value).toBe('调查员甲')
    expect(filling.node('/d/three/h')?.value).toBe('hand.png')
    filling.set('/d/three/c', '调查员乙')
    expect(filling.node('/d/three/h')?.value, 'another person, another hand').toBe('')
  })

  it('says so when the phone can’t write, and recovers with the next answer', async () => {
    let full = true
    const { filling } = setup(
      null,
      vi.fn(async () => {
        if (full) throw new Error('quota')
      }),
    )
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    filling.set('/d/three/c', 'x')
    await filling.flush()
    expect(filling.saving).toBe('failed')
    full = false
    filling.set('/d/three/c', 'y')
    await filling.flush()
    expect(filling.saving).toBe('saved')
    quiet.mockRestore()
  })
})
