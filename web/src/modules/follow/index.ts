import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'follow',
  routes: [
    { path: '/matters', component: () => import('./MattersPage.vue') },
    { path: '/f/:code', component: () => import('./FollowedPage.vue'), props: true },
    { path: '/m/:code', component: () => import('./ProgressPage.vue'), props: true },
  ],
  messages: { zh, en },
})
