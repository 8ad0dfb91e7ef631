// Circulars and the daily return. Shapes are those made from the route table.
import { get, post, put } from './client'
import type { Circular, CircularInput, Circulars, DailyReturn } from './types.gen'

export type {
  Circular,
  Circulars,
  CircularRow,
  Content as CircularContent,
  DailyReturn,
  Head as CircularHead,
} from './types.gen'

const seg = encodeURIComponent

export const list = (campaign: string) => get<Circulars>(`/campaigns/${seg(campaign)}/circulars`)
export const daily = (campaign: string, day: string) =>
  get<DailyReturn>(`/campaigns/${seg(campaign)}/daily-return`, { day })
/** Computes the circular of a period that is over. The id is made by the client, so that it may be sent again. */
export const compute = (campaign: string, circular: string, input: CircularInput) =>
  put<Circular>(`/campaigns/${seg(campaign)}/circulars/${seg(circular)}`, input)
export const show = (circular: string) => get<Circular>(`/circulars/${seg(circular)}`)
/** The digest is that of what was read. */
export const approve = (circular: string, digest: string) =>
  post<Circular>(`/circulars/${seg(circular)}/approve`, { digest })
export const issue = (circular: string, digest: string) =>
  post<Circular>(`/circulars/${seg(circular)}/issue`, { digest })
export const withdraw = (circular: string, reason: string) =>
  post<Circular>(`/circulars/${seg(circular)}/withdraw`, { reason })
