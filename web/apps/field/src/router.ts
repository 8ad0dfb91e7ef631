import { nextTick } from 'vue'
import { createRouter, createWebHashHistory } from 'vue-router'
import HouseholdGo from './household/HouseholdGo.vue'
import HouseholdList from './household/HouseholdList.vue'
import HouseholdShow from './household/HouseholdShow.vue'
import { workOpen } from './device/idle'
import { hasKey, me, recovered, start } from './session/session'
import { broken, reopen, reopenWhen } from './update'

// Everything is in one bundle, so that any screen opens without a network.
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', name: 'list', component: HouseholdList },
    { path: '/household/:assignment', name: 'household', component: HouseholdShow, props: true },
    { path: '/h/:household', name: 'household-go', component: HouseholdGo, props: true },
    { path: '/form/:assignment', name: 'form', component: () => import('./form/FormEdit.vue'), props: true },
    { path: '/receipts', name: 'receipts', component: () => import('./receipt/ReceiptList.vue') },
    { path: '/me', name: 'me', component: () => import('./me/MeShow.vue') },
    { path: '/badge', name: 'badge', component: () => import('./badge/BadgeShow.vue') },
    { path: '/recorded', name: 'recorded', component: () => import('./me/MeRecorded.vue') },
    { path: '/training', name: 'training', component: () => import('./training/TrainingShow.vue') },
    { path: '/practice/:practice', name: 'practice', component: () => import('./form/FormEdit.vue'), props: true },
    { path: '/practised', name: 'practised', component: () => import('./training/PracticeReview.vue') },
    { path: '/quiz', name: 'quiz', component: () => import('./training/QuizRun.vue') },
    { path: '/package', name: 'package', component: () => import('./package/PackageShow.vue') },
    { path: '/login', name: 'login', component: () => import('./session/SessionLogin.vue') },
    { path: '/pin', name: 'pin', component: () => import('./session/SessionPin.vue') },
    { path: '/:rest(.*)', redirect: '/' },
  ],
})

router.beforeEach(async (to) => {
  // Where to go depends on what is on the phone.
  await start().catch(() => undefined)
  if (!me.value) return to.name === 'login' ? true : { name: 'login' }
  // What is on the phone is sealed with a key that the PIN opens, so the PIN comes first; it needs the network once.
  if ((!hasKey.value || recovered.value) && to.name !== 'pin' && to.name !== 'login') return { name: 'pin' }
  return true
})

// A chunk that can't be had: its version has gone from the server, and this page is the last that runs it.
router.onError((e) => {
  console.error('page', e)
  broken.value = true
})
router.afterEach((_, __, failure) => {
  if (failure) return
  broken.value = false
  void nextTick(reopen) // when the screen before is gone
})

/** Screens that show what is on the phone; all others are in the middle of something. */
const CALM = new Set(['list', 'household', 'receipts', 'me', 'recorded', 'training'])
const typed = (): boolean =>
  [...document.querySelectorAll<HTMLInputElement>('textarea, input:not([type=radio], [type=checkbox], [type=search])')] //
    .some((x) => x.value !== '')

reopenWhen(() => CALM.has(String(router.currentRoute.value.name)) && !workOpen() && !typed())
