// Made from the route table by `ruhu api ts`. Do not edit.

export interface Account {
  id: string
  account: string
  name: string
  role: Role
  region_code: string
  region_name: string
  home_village: string
  from_county: boolean
  unit: string
  disabled: boolean
  created_at: string
}

export interface AccountInput {
  account: string
  name: string
  role: Role
  region_code: string
  home_village: string
  from_county: boolean
  unit: string
  disabled: boolean
  password?: string
  pin?: string
}

export interface AccountList {
  items: Account[]
  next: string
}

export type Action =
  | 'self'
  | 'region.read'
  | 'region.manage'
  | 'account.read'
  | 'account.manage'
  | 'campaign.read'
  | 'campaign.manage'
  | 'roster.read'
  | 'roster.pii'
  | 'roster.import'
  | 'team.read'
  | 'team.manage'
  | 'assign.read'
  | 'assign.manage'
  | 'field.use'
  | 'submission.read'
  | 'review.decide'
  | 'ledger.read'
  | 'ledger.register'
  | 'ledger.claim'
  | 'ledger.verify'
  | 'ledger.close'
  | 'progress.read'
  | 'audit.read'

export interface AuditRecord {
  id: string
  at: string
  by_id: string
  by_name: string
  role: Role
  action: string
  campaign: string
  object: string
  object_id: string
  place: string
  detail: unknown
}

export interface AuditRecordList {
  items: AuditRecord[]
  next: string
}

export interface LoginInput {
  account: string
  password: string
}

export interface Me {
  id: string
  account: string
  name: string
  role: Role
  county: string
  region: Region
  actions: Action[]
  pin_set: boolean
  server_time: string
}

export interface PINInput {
  pin: string
}

export interface PasswordInput {
  old: string
  new: string
}

export interface ProblemDetails {
  code: string
  title: string
  detail: string
  fields?: Record<string, unknown>
  request_id: string
  status: number
}

export interface Region {
  code: string
  name: string
  level: string
  parent: string
}

export interface RegionInput {
  code: string
  name: string
}

export interface RegionList {
  items: Region[]
  next: string
}

export interface RegionsInput {
  items: RegionInput[]
}

export type Role =
  | 'county_office'
  | 'guidance_group'
  | 'township_leader'
  | 'township_office'
  | 'group_leader'
  | 'supervisor'
  | 'enumerator'
  | 'village'
  | 'inspector'

export interface Stored {
  sha256: string
  size: number
}

/** Every route: what it is sent and what it answers. */
export interface Api {
  'POST /session': { req: LoginInput; res: Me }
  'DELETE /session': { req: undefined; res: undefined }
  'GET /me': { req: undefined; res: Me }
  'PUT /me/password': { req: PasswordInput; res: undefined }
  'PUT /me/pin': { req: PINInput; res: undefined }
  'GET /accounts': { req: undefined; res: AccountList }
  'PUT /accounts/{account}': { req: AccountInput; res: Account }
  'GET /regions': { req: undefined; res: RegionList }
  'PUT /regions': { req: RegionsInput; res: RegionList }
  'PUT /files/{sha256}': { req: Blob; res: Stored }
  'GET /audit': { req: undefined; res: AuditRecordList }
}
