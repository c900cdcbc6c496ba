import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'casework',
  routes: [{ path: '/case/:id', component: () => import('./CasePage.vue'), props: true, meta: { bare: true } }],
  words: () => import('./words'),
})
