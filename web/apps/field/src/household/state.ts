import type { FieldAssignment } from '@ruhu/api'
import type { Parcel, Record } from '../store/rows'

export type HouseholdState = 'unvisited' | 'draft' | 'queued' | 'received' | 'returned' | 'accepted'

/** What the phone knows of one household besides the assignment. */
export interface Local {
  hasDraft: boolean
  parcel: Pick<Parcel, 'trouble'> | null
  /** The newest receipt. */
  receipt: Pick<Record, 'revision'> | null
}

/**
 * One word for where a household stands. The phone's own knowledge wins over a package that is older than it: a form
 * sent after its return counts as received although the package still says "returned".
 */
export function stateOf(a: Pick<FieldAssignment, 'state' | 'returned'>, local: Local): HouseholdState {
  if (local.parcel) return 'queued'
  if (a.state === 'done') return 'accepted'
  if (a.state === 'returned') {
    const back = a.returned?.revision ?? 0
    return (local.receipt?.revision ?? 0) > back ? 'received' : 'returned'
  }
  if (local.hasDraft) return 'draft'
  if (a.state === 'submitted' || local.receipt) return 'received'
  return 'unvisited'
}

/** A draft that nobody can open any more: the household was accepted, or received from another phone, meanwhile. It waits to be discarded. */
export const leftBehind = (s: HouseholdState, hasDraft: boolean): boolean =>
  hasDraft && (s === 'accepted' || s === 'received')

/** A form may be opened for filling: not while it waits to be sent, and not after it was received. */
export const editable = (s: HouseholdState): boolean => s === 'unvisited' || s === 'draft' || s === 'returned'
