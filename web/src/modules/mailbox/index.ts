import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'mailbox',
  routes: [
    { path: '/mailbox', component: () => import('./MailboxPage.vue') },
    { path: '/mailbox/openings/:id', component: () => import('./OpeningPage.vue'), props: true, meta: { bare: true } },
    { path: '/mailbox/talks/new', component: () => import('./NewTalkPage.vue'), meta: { bare: true } },
    { path: '/mailbox/talks/:id', component: () => import('./TalkPage.vue'), props: true, meta: { bare: true } },
  ],
  words: () => import('./words'),
})
