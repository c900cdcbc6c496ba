import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'field',
  routes: [{ path: '/report', component: () => import('./FieldReportTurns.vue'), meta: { bare: true, writes: true } }],
  messages: { zh, en },
})
