import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'inbox',
  routes: [{ path: '/notices', component: () => import('./NoticesPage.vue') }],
  messages: { zh, en },
})
