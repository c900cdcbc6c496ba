import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'redbox',
  routes: [
    { path: '/mailbox', component: () => import('./WritePage.vue') },
    { path: '/mailbox/board', component: () => import('./BoardPage.vue') },
    { path: '/mailbox/p/:code', component: () => import('./PostingPage.vue'), props: true },
  ],
  words: () => import('./words'),
})
