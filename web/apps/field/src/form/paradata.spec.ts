import type { Oddity, Opening, Paradata, Timing } from '@ruhu/engine'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeForm } from '../test/engine'
import { useFilling } from './filling'
import { useParadata } from './paradata'

/** A phone whose calendar clock may be set while its tick goes on. */
function phone(refs: () => string[], before: Partial<Paradata> = {}) {
  let ticks = 1_000
  let today = Date.UTC(2026, 2, 2, 1)
  const said = {
    openings: new Map<string, Opening>(),
    moves: 0,
    timings: new Map<string, Timing>(),
    oddities: [] as Oddity[],
  }
  const session = {
    paradata: () => ({ openings: [], moves: 0, timings: [], oddities: [], ...before }),
    setOpening: (o: Opening) => void said.openings.set(o.from, o),
    setMoves: (n: number) => void (said.moves = n),
    setOddity: (o: Oddity) => void said.oddities.push(o),
    setTiming: (t: Timing) => void said.timings.set(t.ref, { ...t }),
  }
  let ahead = 0
  const p = useParadata(session, refs, { ticks: () => ticks, today: () => new Date(today), ahead: () => ahead })
  return {
    p,
    pass: (ms: number) => void ((ticks += ms), (today += ms)),
    sleep: (ms: number) => void (today += ms),
    off: (ms: number) => void (ahead = ms),
    told: () => {
      p.write()
      return {
        moves: said.moves,
        openings: [...said.openings.values()],
        timings: Object.fromEntries([...said.timings.values()].map((t) => [t.ref, [t.ms, t.edits]])),
      }
    },
  }
}

describe('how a form is filled in', () => {
  it('gives the time up to a touch or an answer to that question', () => {
    const { p, pass, told } = phone(() => ['/d/a', '/d/b'])
    pass(3_000)
    p.edit('/d/a', false)
    pass(5_000)
    p.touch('/d/b')
    pass(2_000)
    p.edit('/d/b', true)
    pass(9_000)
    p.move()
    expect(told().timings).toEqual({ '/d/a': [3_000, 1], '/d/b': [7_000, 1] })
    expect(told().openings.map((o) => o.ms)).toEqual([19_000])
    expect(told().moves).toBe(1)
  })

  it('says by how much the clock was off from a minute on, and not for what a network takes', () => {
    const { told, off } = phone(() => [])
    off(59_999)
    expect(told().openings[0]).not.toHaveProperty('ahead')
    off(-720_000)
    expect(told().openings).toMatchObject([{ ahead: -720_000 }])
  })

  it('gives what is left of a page with one question to it, also over several visits of the page', () => {
    let here = ['/d/a']
    const { p, pass, told } = phone(() => here)
    pass(4_000)
    p.move()
    here = ['/d/b']
    pass(1_000)
    p.move()
    here = ['/d/a']
    pass(6_000)
    p.pause()
    expect(told().timings).toEqual({ '/d/a': [10_000, 0], '/d/b': [1_000, 0] })
    expect(told().moves).toBe(2)
  })

  it('does not mind what the calendar clock does, and stands still while nobody sees the form', () => {
    const { p, pass, sleep, told } = phone(() => ['/d/a'])
    pass(1_000)
    sleep(-86_400_000)
    pass(1_000)
    expect(p.pause()).toBe(true)
    pass(600_000)
    sleep(3_600_000)
    expect(p.pause()).toBe(false)
    p.resume()
    p.resume()
    pass(500)
    p.edit('/d/a', false)
    expect(told().timings).toEqual({ '/d/a': [2_500, 1] })
    expect(told().openings.map((o) => o.ms)).toEqual([2_500])
  })

  it('counts a text as one edit and each choice as one', () => {
    const { p, told } = phone(() => ['/d/a', '/d/b', '/d/c'])
    for (const _ of '张家湾') p.edit('/d/a', true)
    p.edit('/d/b', false)
    p.edit('/d/b', false)
    for (const _ of '村') p.edit('/d/a', true)
    p.touch('/d/a')
    p.edit('/d/a', true)
    expect(told().timings).toEqual({ '/d/a': [0, 2], '/d/b': [0, 2] })
  })

  it('adds to what is in the draft, with the instances of a repeat together', () => {
    const { p, pass, told } = phone(() => ['/d/m[1]/n', '/d/m[2]/n'], {
      moves: 4,
      openings: [{ from: '2026-03-01T00:00:00.000Z', to: '2026-03-01T00:05:00.000Z', ms: 9 }],
      timings: [{ ref: '/d/m/n', ms: 100, edits: 1 }],
    })
    pass(50)
    p.edit('/d/m[1]/n', false)
    pass(7)
    p.edit('/d/m[2]/n', false)
    p.move()
    expect(told()).toMatchObject({ moves: 5, timings: { '/d/m/n': [157, 3] } })
  })

  it('writes what has run so far without taking it from the next question', () => {
    const { p, pass, told } = phone(() => ['/d/a', '/d/b'])
    pass(250)
    expect(told()).toMatchObject({ openings: [{ ms: 250 }], timings: {} })
    pass(750)
    p.edit('/d/b', false)
    expect(told()).toMatchObject({ openings: [{ ms: 1_000 }], timings: { '/d/b': [1_000, 1] } })
  })
})

describe('with the draft', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const open = (page: string | null) => {
    const save = vi.fn(async () => undefined)
    return { save, filling: useFilling({ ...fakeForm({ '/d/one': [{ ref: '/d/one/a' }] }), page, save }) }
  }

  it('leaves no draft of a form that was only looked at', async () => {
    const { save, filling } = open(null)
    await filling.pause()
    expect(save).not.toHaveBeenCalled()
  })

  it('is written when a draft goes off the screen, once', async () => {
    const { save, filling } = open('/d/one')
    await filling.pause()
    await filling.pause()
    expect(save).toHaveBeenCalledTimes(1)
  })

  it('writes no draft after the form was handed in', async () => {
    const { save, filling } = open('/d/one')
    filling.set('/d/one/a', 'x')
    await filling.pause()
    filling.handedIn()
    filling.resume()
    await filling.pause()
    expect(save).toHaveBeenCalledTimes(1)
  })
})
