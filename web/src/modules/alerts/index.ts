import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'alerts',
  routes: [
    { path: '/alerts/rules', component: () => import('./AlertRulesPage.vue') },
    { path: '/alerts/:id?', component: () => import('./AlertsPage.vue'), props: true },
  ],
  words: () => import('./words'),
})
