// Review beyond single forms: where forms wait, several at once, joint reviews, acceptance of villages. Shapes are those made from the route table.
import { get, post, put } from './client'
import type {
  Area,
  AreaInput,
  AreaList,
  AreaShow,
  BulkInput,
  BulkOutcomeList,
  Matrix,
  Meeting,
  MeetingInput,
  MeetingList,
  Verdict,
  VerdictInput,
} from './types.gen'

export type {
  Area,
  AreaShow,
  BulkOutcome,
  LackItem,
  Matrix,
  MatrixRow,
  Meeting,
  MeetingInput,
  Verdict,
} from './types.gen'

const seg = encodeURIComponent
const campaign = (id: string, rest: string) => `/campaigns/${seg(id)}${rest}`

export const waiting = (id: string, by: string) => get<Matrix>(campaign(id, '/waiting'), { by })
/** One action on several forms; what was refused is said form by form. */
export const decideMany = (id: string, input: BulkInput) => post<BulkOutcomeList>(campaign(id, '/decisions'), input)

export const areas = (id: string) => get<AreaList>(campaign(id, '/areas'))
export const area = (id: string, village: string) => get<AreaShow>(campaign(id, `/areas/${seg(village)}`))
export const accept = (id: string, village: string, input: AreaInput) =>
  post<Area>(campaign(id, `/areas/${seg(village)}/accept`), input)
export const reopen = (id: string, village: string, input: AreaInput) =>
  post<Area>(campaign(id, `/areas/${seg(village)}/reopen`), input)

export const meetings = (id: string) => get<MeetingList>(campaign(id, '/meetings'))
export const meeting = (key: string) => get<Meeting>(`/meetings/${seg(key)}`)
/** Calls a meeting, or changes what is written about it while it is open. */
export const putMeeting = (id: string, key: string, input: MeetingInput) =>
  put<Meeting>(campaign(id, `/meetings/${seg(key)}`), input)
export const close = (key: string) => post<Meeting>(`/meetings/${seg(key)}/close`, {})
export const decideIn = (key: string, submission: string, input: VerdictInput) =>
  post<Verdict>(`/meetings/${seg(key)}/submissions/${seg(submission)}`, input)
