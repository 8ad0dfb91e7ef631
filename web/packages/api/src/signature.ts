// Signatures and the trace. Shapes are those made from the route table.
import { get, post, url } from './client'
import type { FormChain, Lists, SignatureInput, SignedList, Trace } from './types.gen'

export type {
  ChainStep,
  SignatureEntry as Signature,
  FormChain,
  ListedForm,
  ListedProblem,
  ListHead,
  Lists as SignatureLists,
  SignatureInput,
  SignedList,
  Trace,
  TracedEvent,
  TracedProblem,
  TracedSigner,
} from './types.gen'

const seg = encodeURIComponent
const at = (campaign: string, kind: string, village: string) =>
  `/campaigns/${seg(campaign)}/signatures/${seg(kind)}/${seg(village)}`

export const list = (campaign: string, cursor = '') => get<Lists>(`/campaigns/${seg(campaign)}/signatures`, { cursor })
export const show = (campaign: string, kind: string, village: string) => get<SignedList>(at(campaign, kind, village))
/** The digest is that of what was read; the id is made by the client, so that it may be sent again. */
export const sign = (campaign: string, kind: string, village: string, input: SignatureInput) =>
  post<SignedList>(at(campaign, kind, village), input)
export const form = (campaign: string, household: string) =>
  get<FormChain>(`/campaigns/${seg(campaign)}/households/${seg(household)}/signatures`)
/** Who signed what when, and with a problem who signed before it was found. */
export const trace = (campaign: string, household: string, problem = '') =>
  get<Trace>(`/campaigns/${seg(campaign)}/households/${seg(household)}/trace`, { problem })
/** The same as a file: the record. */
export const traceUrl = (campaign: string, household: string, problem: string) =>
  url(`/campaigns/${seg(campaign)}/households/${seg(household)}/trace`, { problem })
