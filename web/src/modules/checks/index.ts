import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'checks',
  routes: [{ path: '/check', component: () => import('./CheckPage.vue'), props: (route) => ({ caseId: String(route.query.case ?? '') }), meta: { bare: true } }],
  words: () => import('./words'),
})
