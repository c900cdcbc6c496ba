import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'forces',
  routes: [
    { path: '/forces', component: () => import('./ForcesPage.vue') },
    { path: '/forces/grids/:id', component: () => import('./GridPage.vue'), props: true },
  ],
  words: () => import('./words'),
})
