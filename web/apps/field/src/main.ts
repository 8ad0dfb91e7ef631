import { createApp } from 'vue'
import App from './App.vue'
import { watchInstall } from './device/install'
import { elsewhere } from './device/support'
import { applyView } from './device/view'
import { applyLanguage, i18n } from './locale'
import { router } from './router'
import './style.css'

applyLanguage()
applyView()
watchInstall()
const better = typeof WebAssembly === 'object' ? elsewhere(location) : null
if (better) location.replace(better)
else createApp(App).use(i18n).use(router).mount('#app')
