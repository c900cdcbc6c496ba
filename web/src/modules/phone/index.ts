import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'phone',
  routes: [
    { path: '/outbox', component: () => import('./OutboxPage.vue') },
    { path: '/held', component: () => import('./HeldPage.vue') },
    { path: '/conflicts', component: () => import('./ConflictsPage.vue') },
  ],
  words: () => import('./words'),
})
