import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'today',
  routes: [{ path: '/', component: () => import('./TodayPage.vue') }],
  messages: { zh, en },
})
