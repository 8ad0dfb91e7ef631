export * as circulars from './circular'
export type * from './circular'
export * as reviews from './review'
export type * from './review'
export * from './client'
export * as determinations from './determination'
export * from './exif'
export * as field from './field'
export { isOffline } from './field'
export type * from './field'
export * from './id'
export * as listing from './listing'
export * from './osm'
export * from './report'
export * as api from './resource'
export * as sampling from './sampling'
export * as signatures from './signature'
export type {
  ChainStep,
  FormChain,
  ListedForm,
  ListedProblem,
  ListHead,
  Signature,
  SignedList,
  Trace,
  TracedEvent,
  TracedProblem,
  TracedSigner,
} from './signature'
export type * from './sampling'
export type * from './types'
export type {
  Case,
  CaseKind,
  Determination,
  ExitStanding,
  Ground,
  ItemResult,
  RateResult,
  StandingFigure,
  VillageEntry,
  VillageStanding,
  QueryPage,
  QueryRow,
  QuizCount,
  Standing,
  Trainee,
  AgreementSummary,
  Difference,
  FormCheck,
  FormVersion,
  FormVersions,
  Revised as FormRevised,
  Figure,
  FigureKind,
  FigureSource,
  History,
  Arrangement,
  ArrangementInput,
  AssignChange as PlanChange,
  AssignPerson,
  Board,
  BoardDay,
  BoardTeam,
  Cell as BoardCell,
  Guide,
  GuideInput,
  HouseholdAgreement,
  Kin,
  ListingCounts,
  ListingHousehold,
  ListingInput,
  ListingProposal,
  ListingRules,
  ListingStatus,
  ListingStrike,
  ListingVillage,
  ListingWork,
  Mapping,
  MatchReport,
  Member as ListingMember,
  MemberEdit,
  Merger,
  PaperCheck,
  QualityFinding,
  Recheck,
  RecheckResult,
  ErrsText,
  ScoreChange,
  ScoreKind,
  ScoreLine,
  ScoreTable,
  ScoreUnit,
  ScoreWhatIfResult,
  ScoreWhy,
  PaperSummary,
  Part as SplitPart,
  RegisterColumns,
  RegisterDetail,
  RegisterFile,
  RegisterKind,
  RegisterRow,
  RosterEntry,
  RosterEvent,
  SheetMapping,
  StaffReport,
  Step as PlanStep,
  TieInput,
} from './types.gen'
