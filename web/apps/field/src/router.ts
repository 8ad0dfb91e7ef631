import { createRouter, createWebHashHistory } from 'vue-router'
import HouseholdGo from './household/HouseholdGo.vue'
import HouseholdList from './household/HouseholdList.vue'
import HouseholdShow from './household/HouseholdShow.vue'
import { hasKey, me, recovered, start } from './session/session'

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
