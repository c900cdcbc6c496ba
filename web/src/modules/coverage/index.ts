import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'coverage',
  routes: [
    { path: '/coverage', component: () => import('./CoveragePage.vue'), meta: { bare: true } },
    { path: '/patrols', component: () => import('./PatrolsPage.vue'), meta: { bare: true } },
  ],
  words: () => import('./words'),
})
