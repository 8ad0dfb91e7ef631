// Determinations, exit standards, rates. Shapes are those made from the route table.
import { get, post, put, url } from './client'
import type {
  Case,
  DeterminationAct,
  DeterminationInput,
  ExitStanding,
  IndicatorPage,
  PopulationList,
  RoundRates,
  VillageEntry,
  VillageStandingList,
} from './types.gen'

const seg = encodeURIComponent

export const list = (campaign: string, query: Record<string, string | number | undefined>) =>
  get<IndicatorPage>(`/campaigns/${seg(campaign)}/determinations`, query)
export const show = (id: string) => get<Case>(`/determinations/${seg(id)}`)
/** Opens a case by hand. The id is made by the client, so that it may be sent again. */
export const open = (campaign: string, id: string, input: DeterminationInput) =>
  put<Case>(`/campaigns/${seg(campaign)}/determinations/${seg(id)}`, input)
/** check | decide | dismiss | confirm | reject | return | appeal | uphold | overturn | reopen */
export const act = (id: string, action: string, input: DeterminationAct) =>
  post<Case>(`/determinations/${seg(id)}/${seg(action)}`, input)
export const fileUrl = (id: string, sha256: string) => url(`/determinations/${seg(id)}/files/${seg(sha256)}`)
export const standing = (household: string) => get<ExitStanding>(`/households/${seg(household)}/standing`)
export const rates = (campaign: string, place: string) =>
  get<RoundRates>(`/campaigns/${seg(campaign)}/rates`, { place })
export const populations = (campaign: string) => get<PopulationList>(`/campaigns/${seg(campaign)}/populations`)
export const putPopulations = (campaign: string, persons: Record<string, number>) =>
  put<undefined>(`/campaigns/${seg(campaign)}/populations`, { persons })
export const villages = (campaign: string, place: string) =>
  get<VillageStandingList>(`/campaigns/${seg(campaign)}/village-standings`, { place })
export const putVillage = (campaign: string, village: string, items: VillageEntry[]) =>
  put<undefined>(`/campaigns/${seg(campaign)}/village-standings/${seg(village)}`, { items })
