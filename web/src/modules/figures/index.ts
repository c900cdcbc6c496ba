import { defineModule } from '@/shared/app/module'

export default defineModule({ id: 'figures', routes: [{ path: '/figures', component: () => import('./FiguresPage.vue') }], words: () => import('./words') })
