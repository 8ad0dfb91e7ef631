import { expect, it } from 'vitest'
import type { Campaign, Me } from '@ruhu/api'
import { firstTab, ownLevel, queueQuery } from './queue'

const campaign = {
  levels: [
    { code: 'supervisor', role: 'supervisor' },
    { code: 'township', role: 'township_office' },
  ],
} as Campaign
const person = (role: string, ...actions: string[]) => ({ role, actions }) as Me

it('knows the level at which a person decides', () => {
  expect(ownLevel(campaign, person('supervisor', 'review.decide'))).toBe('supervisor')
  expect(ownLevel(campaign, person('township_office', 'review.decide'))).toBe('township')
  expect(ownLevel(campaign, person('inspector', 'submission.read'))).toBe('')
  expect(ownLevel(undefined, null)).toBe('')
})

it('begins reviewers with what waits for them', () => {
  expect(firstTab('supervisor')).toBe('mine')
  expect(firstTab('')).toBe('review')
})

it('asks for the level only where it matters', () => {
  expect(queueQuery('mine', 'supervisor', { village: 'v' })).toEqual({
    village: 'v',
    state: 'review',
    level: 'supervisor',
  })
  expect(queueQuery('all', 'supervisor', { village: 'v' })).toEqual({ village: 'v', state: '' })
  expect(queueQuery('accepted', 'supervisor', {})).toEqual({ state: 'accepted' })
})
