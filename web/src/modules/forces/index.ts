import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'forces',
  routes: [
    { path: '/forces', component: () => import('./ForcesPage.vue') },
    { path: '/forces/grids/:id', component: () => import('./GridPage.vue'), props: true },
  ],
  messages: { zh, en },
})
