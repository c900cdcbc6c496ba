import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'area',
  routes: [{ path: '/area/:id', component: () => import('./AreaPage.vue'), props: true, meta: { bare: true } }],
  messages: { zh, en },
})
