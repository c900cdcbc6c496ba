import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'casework',
  routes: [{ path: '/case/:id', component: () => import('./CasePage.vue'), props: true, meta: { bare: true } }],
  messages: { zh, en },
})
