// The listing (清查摸底), the frozen roster it ends in, a household's history, and mergers of villages.
import { del, get, post, put, url } from './client'
import type {
  History,
  ListingAct,
  ListingFreeze,
  ListingHousehold,
  ListingInput,
  ListingStatus,
  ListingWork,
  MergerInput,
  MergerList,
  RosterEntry,
  RosterEntryList,
} from './types.gen'

const seg = encodeURIComponent
const campaign = (id: string, rest: string) => `/campaigns/${seg(id)}${rest}`

export const status = (id: string) => get<ListingStatus>(campaign(id, '/listing'))
export const work = (id: string, village: string) => get<ListingWork>(campaign(id, `/listing/${seg(village)}`))
/** The id of what is said is made by the client: the same one again changes nothing. `late` is an office's change of a frozen village. */
export const propose = (id: string, village: string, proposal: string, input: ListingInput, late: boolean) =>
  put<ListingHousehold>(campaign(id, `/listing/${seg(village)}/${late ? 'late' : 'proposals'}/${seg(proposal)}`), input)
export const withdraw = (proposal: string) => del(`/listing-proposals/${seg(proposal)}`)
export const judge = (proposal: string, accept: boolean, note: string) =>
  post<ListingHousehold>(`/listing-proposals/${seg(proposal)}/decision`, { accept, note })
export const fileUrl = (proposal: string, sha256: string) =>
  url(`/listing-proposals/${seg(proposal)}/files/${seg(sha256)}`)
export const act = (id: string, village: string, step: 'confirm' | 'approve' | 'return', input: ListingAct) =>
  post<ListingWork>(campaign(id, `/listing/${seg(village)}/${step}`), input)
export const freeze = (id: string, input: ListingFreeze) => post<RosterEntry>(campaign(id, '/listing/freeze'), input)

export const entries = (id: string, cursor: string) => get<RosterEntryList>(campaign(id, '/roster/entries'), { cursor })
export const frozenUrl = (id: string) => url(campaign(id, '/roster/frozen.txt'))
export const history = (household: string) => get<History>(`/households/${seg(household)}/history`)

export const mergers = () => get<MergerList>('/mergers')
export const merge = (merger: string, input: MergerInput) => put<MergerList>(`/mergers/${seg(merger)}`, input)
export const unmerge = (merger: string) => del(`/mergers/${seg(merger)}`)
