import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'grid',
  routes: [{ path: '/grid', component: () => import('./GridPage.vue') }],
  messages: { zh, en },
})
