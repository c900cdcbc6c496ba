import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'services',
  routes: [
    { path: '/service', component: () => import('./ServicePage.vue'), meta: { bare: true } },
    { path: '/talks', component: () => import('./TalksPage.vue'), meta: { bare: true } },
  ],
  words: () => import('./words'),
})
