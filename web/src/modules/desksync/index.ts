import { defineModule } from '@/shared/app/module'

/** What phones brought and a person must look at: conflicts to decide, and what the server broke over. */
export default defineModule({
  id: 'desksync',
  routes: [
    { path: '/conflicts', component: () => import('./ConflictsPage.vue') },
    { path: '/breakages', component: () => import('./BreakagesPage.vue') },
  ],
  words: () => import('./words'),
})
