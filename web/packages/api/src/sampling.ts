// Drawing a sample: design, frame, seed, result. Shapes are those made from the route table.
import { get, post, put, url } from './client'
import type { Draw, SamplingPlace, Result, SeedInput, Setup, Unit, UseRow } from './types.gen'

export type {
  Claim as SampleClaim,
  Design as SampleDesign,
  Draw as SampleDraw,
  Outlook as SampleOutlook,
  SamplingPlace as SamplePlace,
  PlaceRow as SamplePlaceRow,
  Result as SampleResult,
  Setup as SampleSetup,
  StratumOutlook as SampleStratum,
  Unit as SampleUnit,
  VillageResult as SampleVillage,
} from './types.gen'

const seg = encodeURIComponent
const draw = (id: string, rest = '') => `/draws/${seg(id)}${rest}`
const campaign = (id: string, rest: string) => `/campaigns/${seg(id)}${rest}`

export const setup = (id: string) => get<Setup>(campaign(id, '/sampling'))
export const places = (id: string, list: SamplingPlace[]) =>
  put<undefined>(campaign(id, '/sampling/places'), { places: list })
/** Commits to the roster as the frame. The id of the draw is made by the client, so that it may be sent again. */
export const freeze = (id: string, newDraw: string, reason: string) =>
  put<Draw>(campaign(id, `/draws/${seg(newDraw)}`), { reason })
export const seed = (id: string, input: SeedInput) => post<Draw>(draw(id, '/seed'), input)
export const publish = (id: string) => post<Draw>(draw(id, '/publish'), {})
export const result = (id: string) => get<Result>(draw(id))
export const units = (id: string, place: string) => get<{ items: Unit[] }>(draw(id, '/units'), { place })
export const replace = (id: string, input: { household: string; reason: string; note: string }) =>
  post<UseRow>(draw(id, '/replacements'), input)
export const recordUrl = (id: string) => url(draw(id, '/record.json'))
export const frameUrl = (id: string) => url(draw(id, '/frame.csv'))
