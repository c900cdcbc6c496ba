import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export { keepScannedGrid } from './useScannedGrid'

export default defineModule({
  id: 'report',
  routes: [
    { path: '/report', component: () => import('./ReportPage.vue') },
    { path: '/sent/:code', component: () => import('./SentPage.vue'), props: true },
  ],
  messages: { zh, en },
})
