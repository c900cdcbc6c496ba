import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'home',
  routes: [{ path: '/', component: () => import('./HomePage.vue') }],
  messages: { zh, en },
})
