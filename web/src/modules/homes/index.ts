import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'homes',
  routes: [
    { path: '/canvass', component: () => import('./CanvassPage.vue'), meta: { bare: true } },
    { path: '/home/:id', component: () => import('./HomePage.vue'), props: true, meta: { bare: true } },
  ],
  words: () => import('./words'),
})
