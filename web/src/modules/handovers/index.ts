import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'handovers',
  routes: [{ path: '/handovers', component: () => import('./HandoversPage.vue') }],
  messages: { zh, en },
})
