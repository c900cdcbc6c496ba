import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'diary',
  routes: [{ path: '/diary', component: () => import('./DiaryPage.vue'), meta: { bare: true } }],
  words: () => import('./words'),
})
