import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'hotline',
  routes: [
    { path: '/hotline', component: () => import('./OrdersPage.vue') },
    { path: '/hotline/import', component: () => import('./ImportPage.vue') },
  ],
  messages: { zh, en },
})
