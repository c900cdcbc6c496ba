import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'rounds',
  routes: [
    { path: '/round', component: () => import('./RoundPage.vue'), meta: { bare: true } },
    { path: '/round/:id', component: () => import('./VisitPage.vue'), props: true, meta: { bare: true } },
  ],
  words: () => import('./words'),
})
