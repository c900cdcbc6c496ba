import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'aboutme',
  routes: [
    { path: '/mine', component: () => import('./MinePage.vue') },
    { path: '/mine/held', component: () => import('./HeldPage.vue') },
  ],
  words: () => import('./words'),
})
