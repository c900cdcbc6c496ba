import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'whistles',
  routes: [
    { path: '/whistles', component: () => import('./WhistlesPage.vue') },
    { path: '/whistles/new', component: () => import('./NewWhistlePage.vue'), meta: { bare: true } },
    { path: '/whistles/:id', component: () => import('./WhistlePage.vue'), props: true, meta: { bare: true } },
  ],
  messages: { zh, en },
})
