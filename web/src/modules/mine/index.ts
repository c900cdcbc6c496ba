import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'mine',
  routes: [{ path: '/me', component: () => import('./MePage.vue') }],
  messages: { zh, en },
})
