import { createApp } from 'vue'
import App from './App.vue'
import { watchInstall } from './device/install'
import { applyLanguage, i18n } from './locale'
import { router } from './router'
import './style.css'

applyLanguage()
watchInstall()
createApp(App).use(i18n).use(router).mount('#app')
