import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'serve',
  routes: [
    { path: '/find', component: () => import('./FindPage.vue') },
    { path: '/told', component: () => import('./NoticesPage.vue') },
    { path: '/stations', component: () => import('./StationsPage.vue') },
    { path: '/serve/:area', component: () => import('./ServePage.vue'), props: true },
  ],
  messages: { zh, en },
})
