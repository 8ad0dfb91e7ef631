export * from './client'
export * as field from './field'
export { isOffline } from './field'
export type * from './field'
export * from './id'
export * from './report'
export * as api from './resource'
export * as sampling from './sampling'
export type * from './sampling'
export type * from './types'
export type {
  AgreementSummary,
  Figure,
  FigureKind,
  FigureSource,
  HouseholdAgreement,
  Mapping,
  MatchReport,
  PaperCheck,
  PaperSummary,
  RegisterColumns,
  RegisterDetail,
  RegisterFile,
  RegisterKind,
  RegisterRow,
  SheetMapping,
} from './types.gen'
