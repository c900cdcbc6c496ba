import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'handovers',
  routes: [{ path: '/handovers', component: () => import('./HandoversPage.vue') }],
  words: () => import('./words'),
})
