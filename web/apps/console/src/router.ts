import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { campaigns, first, loadCampaigns, remember } from './campaign/current'
import { can, ensureMe, me } from './session/session'
import Shell from './shell/Shell.vue'
import { startScreen } from './session/start'
import SessionCreate from './session/SessionCreate.vue'

// `action` is what a person must be allowed to do for the screen to be of use.
const inCampaign: RouteRecordRaw[] = [
  {
    path: 'overview',
    name: 'overview',
    meta: { action: 'progress.read' },
    component: () => import('./overview/OverviewShow.vue'),
  },
  {
    path: 'progress',
    name: 'progress',
    meta: { action: 'progress.read' },
    component: () => import('./progress/ProgressShow.vue'),
  },
  {
    path: 'settings',
    name: 'campaign',
    meta: { action: 'campaign.read' },
    component: () => import('./campaign/CampaignShow.vue'),
  },
  {
    path: 'settings/forms',
    name: 'forms',
    meta: { action: 'campaign.read' },
    component: () => import('./form/FormList.vue'),
  },
  {
    path: 'registers',
    name: 'registers',
    meta: { action: 'match.read' },
    component: () => import('./register/RegisterList.vue'),
  },
  {
    path: 'registers/:register',
    name: 'register',
    meta: { action: 'match.read' },
    component: () => import('./register/RegisterShow.vue'),
  },
  {
    path: 'agreement',
    name: 'agreement',
    meta: { action: 'match.compare' },
    component: () => import('./agreement/AgreementList.vue'),
  },
  {
    path: 'agreement/:household',
    name: 'agreement-household',
    meta: { action: 'match.compare' },
    component: () => import('./agreement/AgreementShow.vue'),
  },
  {
    path: 'identity',
    name: 'identity',
    meta: { action: 'match.read' },
    component: () => import('./identity/IdentityShow.vue'),
  },
  {
    path: 'identity/queue',
    name: 'identity-queue',
    meta: { action: 'match.read' },
    component: () => import('./identity/IdentityQueue.vue'),
  },
  {
    path: 'identity/houses',
    name: 'identity-houses',
    meta: { action: 'match.read' },
    component: () => import('./identity/HouseList.vue'),
  },
  {
    path: 'suspects',
    name: 'suspects',
    meta: { action: 'match.suspect' },
    component: () => import('./identity/SuspectList.vue'),
  },
  {
    path: 'roster',
    name: 'roster',
    meta: { action: 'roster.read' },
    component: () => import('./household/HouseholdList.vue'),
  },
  {
    path: 'roster/import',
    name: 'roster-import',
    meta: { action: 'roster.import' },
    component: () => import('./roster/RosterImport.vue'),
  },
  {
    path: 'households/:household',
    name: 'household',
    meta: { action: 'roster.read' },
    component: () => import('./household/HouseholdShow.vue'),
  },
  {
    path: 'listing',
    name: 'listing',
    meta: { action: 'listing.read' },
    component: () => import('./listing/ListingList.vue'),
  },
  {
    path: 'listing/frozen',
    name: 'frozen',
    meta: { action: 'listing.read' },
    component: () => import('./listing/FrozenShow.vue'),
  },
  {
    path: 'listing/:village',
    name: 'listing-village',
    meta: { action: 'listing.read' },
    component: () => import('./listing/ListingShow.vue'),
  },
  {
    path: 'sampling',
    name: 'sampling',
    meta: { action: 'sampling.read' },
    component: () => import('./sampling/SamplingShow.vue'),
  },
  {
    path: 'papers',
    name: 'papers',
    meta: { action: 'paper.print' },
    component: () => import('./paper/PaperShow.vue'),
  },
  {
    path: 'queries',
    name: 'queries',
    meta: { action: 'query.read' },
    component: () => import('./query/QueryList.vue'),
  },
  {
    path: 'training',
    name: 'training',
    meta: { action: 'training.read' },
    component: () => import('./training/TrainingShow.vue'),
  },
  { path: 'teams', name: 'teams', meta: { action: 'team.read' }, component: () => import('./team/TeamList.vue') },
  { path: 'people', name: 'people', meta: { action: 'team.read' }, component: () => import('./team/PersonList.vue') },
  { path: 'guides', name: 'guides', meta: { action: 'assign.read' }, component: () => import('./team/GuideList.vue') },
  {
    path: 'arrangements',
    name: 'arrangements',
    meta: { action: 'assign.read' },
    component: () => import('./team/ArrangementList.vue'),
  },
  { path: 'plan', name: 'plan', meta: { action: 'assign.read' }, component: () => import('./plan/PlanShow.vue') },
  {
    path: 'assignments',
    name: 'assignments',
    meta: { action: 'assign.read' },
    component: () => import('./plan/AssignmentList.vue'),
  },
  {
    path: 'signatures',
    name: 'signatures',
    meta: { action: 'signature.read' },
    component: () => import('./signature/SignatureList.vue'),
  },
  {
    path: 'signatures/:kind/:village',
    name: 'signature',
    meta: { action: 'signature.read' },
    component: () => import('./signature/SignatureShow.vue'),
  },
  {
    path: 'trace',
    name: 'trace',
    meta: { action: 'trace.read' },
    component: () => import('./trace/TraceSearch.vue'),
  },
  {
    path: 'trace/:household',
    name: 'trace-household',
    meta: { action: 'trace.read' },
    component: () => import('./trace/TraceShow.vue'),
  },
  {
    path: 'submissions',
    name: 'submissions',
    meta: { action: 'submission.read' },
    component: () => import('./submission/SubmissionList.vue'),
  },
  {
    path: 'submissions/:submission',
    name: 'submission',
    meta: { action: 'submission.read' },
    component: () => import('./submission/SubmissionShow.vue'),
  },
  {
    path: 'waiting',
    name: 'waiting',
    meta: { action: 'submission.read' },
    component: () => import('./review/WaitingShow.vue'),
  },
  {
    path: 'meetings',
    name: 'meetings',
    meta: { action: 'submission.read' },
    component: () => import('./review/MeetingList.vue'),
  },
  {
    path: 'meetings/:meeting',
    name: 'meeting',
    meta: { action: 'submission.read' },
    component: () => import('./review/MeetingShow.vue'),
  },
  {
    path: 'areas',
    name: 'areas',
    meta: { action: 'submission.read' },
    component: () => import('./review/AreaList.vue'),
  },
  {
    path: 'areas/:village',
    name: 'area',
    meta: { action: 'submission.read' },
    component: () => import('./review/AreaShow.vue'),
  },
  {
    path: 'problems',
    name: 'problems',
    meta: { action: 'ledger.read' },
    component: () => import('./problem/ProblemList.vue'),
  },
  {
    path: 'ledger',
    name: 'ledger',
    meta: { action: 'ledger.read' },
    component: () => import('./ledger/LedgerShow.vue'),
  },
  {
    path: 'problems/new',
    name: 'problem-create',
    meta: { action: 'ledger.register' },
    component: () => import('./problem/ProblemCreate.vue'),
  },
  {
    path: 'circulars',
    name: 'circulars',
    meta: { action: 'circular.read' },
    component: () => import('./circular/CircularList.vue'),
  },
  {
    path: 'circulars/daily',
    name: 'daily',
    meta: { action: 'circular.read' },
    component: () => import('./circular/CircularDaily.vue'),
  },
  {
    path: 'circulars/:circular',
    name: 'circular',
    meta: { action: 'circular.read' },
    component: () => import('./circular/CircularShow.vue'),
  },
  {
    path: 'problems/:problem',
    name: 'problem',
    meta: { action: 'ledger.read' },
    component: () => import('./problem/ProblemShow.vue'),
  },
  {
    path: 'determinations',
    name: 'determinations',
    meta: { action: 'determine.read' },
    component: () => import('./determination/DeterminationList.vue'),
  },
  {
    path: 'determinations/:determination',
    name: 'determination',
    meta: { action: 'determine.read' },
    component: () => import('./determination/DeterminationShow.vue'),
  },
  {
    path: 'households/:household/suspicion',
    name: 'determination-create',
    meta: { action: 'determine.open' },
    component: () => import('./determination/DeterminationCreate.vue'),
  },
  {
    path: 'households/:household/standing',
    name: 'standing',
    meta: { action: 'determine.read' },
    component: () => import('./determination/StandingShow.vue'),
  },
  {
    path: 'rates',
    name: 'rates',
    meta: { action: 'determine.read' },
    component: () => import('./determination/RateShow.vue'),
  },
  {
    path: 'village-standings',
    name: 'village-standings',
    meta: { action: 'determine.read' },
    component: () => import('./determination/VillageStandings.vue'),
  },
  {
    path: 'quality',
    name: 'quality',
    meta: { action: 'quality.read' },
    component: () => import('./quality/QualityList.vue'),
  },
  {
    path: 'rechecks',
    name: 'rechecks',
    meta: { action: 'quality.read' },
    component: () => import('./quality/RecheckList.vue'),
  },
  {
    path: 'rechecks/:recheck',
    name: 'recheck',
    meta: { action: 'quality.read' },
    component: () => import('./quality/RecheckShow.vue'),
  },
  {
    path: 'scores',
    name: 'scores',
    meta: { action: 'score.read' },
    component: () => import('./score/ScoreList.vue'),
  },
  {
    path: 'scores/:round/what-if',
    name: 'score-what-if',
    meta: { action: 'score.manage' },
    component: () => import('./score/ScoreWhatIf.vue'),
  },
  {
    path: 'scores/:round',
    name: 'score',
    meta: { action: 'score.read' },
    component: () => import('./score/ScoreShow.vue'),
  },
]

export const router = createRouter({
  history: createWebHistory('/'),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/login', name: 'login', component: SessionCreate },
    {
      path: '/',
      component: Shell,
      children: [
        { path: '', name: 'home', component: () => import('./shell/Home.vue') },
        {
          path: 'campaigns',
          name: 'campaigns',
          meta: { action: 'campaign.read' },
          component: () => import('./campaign/CampaignList.vue'),
        },
        {
          path: 'campaigns/new',
          name: 'campaign-create',
          meta: { action: 'campaign.manage' },
          component: () => import('./campaign/CampaignCreate.vue'),
        },
        { path: 'c/:campaign', children: inCampaign },
        { path: 'h/:household', name: 'household-go', component: () => import('./household/HouseholdGo.vue') },
        {
          path: 'accounts',
          name: 'accounts',
          meta: { action: 'account.read' },
          component: () => import('./account/AccountList.vue'),
        },
        {
          path: 'regions',
          name: 'regions',
          meta: { action: 'region.manage' },
          component: () => import('./region/RegionList.vue'),
        },
        { path: 'me', name: 'me', component: () => import('./me/MeEdit.vue') },
        { path: ':rest(.*)*', name: 'nowhere', component: () => import('./shell/Nowhere.vue') },
      ],
    },
  ],
})

router.beforeEach(async (to) => {
  if (to.name === 'login') return true
  if (!(await ensureMe())) return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  if (campaigns.value === null && can('campaign.read')) await loadCampaigns()
  if (to.name === 'home' && me.value?.role !== 'enumerator') {
    const c = first(campaigns.value ?? [])
    if (c) return { name: startScreen(), params: { campaign: c.id } }
    if (can('campaign.manage')) return { name: 'campaigns' }
  }
  const action = to.meta.action
  if (typeof action === 'string' && !can(action))
    return { name: 'nowhere', params: { rest: to.path.split('/').slice(1) }, replace: true }
  if (typeof to.params.campaign === 'string') remember(to.params.campaign)
  return true
})
