import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'redbox',
  routes: [
    { path: '/mailbox', component: () => import('./WritePage.vue') },
    { path: '/mailbox/board', component: () => import('./BoardPage.vue') },
    { path: '/mailbox/p/:code', component: () => import('./PostingPage.vue'), props: true },
  ],
  messages: { zh, en },
})
