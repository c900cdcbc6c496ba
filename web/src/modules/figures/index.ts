import { defineModule } from '@/shared/app/module'

export default defineModule({ id: 'figures', routes: [
  { path: '/figures', component: () => import('./FiguresPage.vue') },
  { path: '/figures/misroutes', component: () => import('./MisroutesPage.vue') },
], words: () => import('./words') })
