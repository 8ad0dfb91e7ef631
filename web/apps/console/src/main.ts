import '@ruhu/ui/style.css'
import './style.css'
import { createApp } from 'vue'
import { onSignedOut } from '@ruhu/api'
import App from './App.vue'
import { watchFailures } from './failure'
import { i18n } from './i18n'
import { router } from './router'
import { me } from './session/session'

onSignedOut(() => {
  if (!me.value) return
  me.value = null
  void router.push({ name: 'login', query: { next: router.currentRoute.value.fullPath } })
})

watchFailures(router, (path) => window.location.assign(path))

createApp(App).use(i18n).use(router).mount('#app')
