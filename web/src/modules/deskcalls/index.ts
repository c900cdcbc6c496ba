import { defineModule } from '@/shared/app/module'

export default defineModule({ id: 'deskcalls', routes: [{ path: '/calls', component: () => import('./CallsPage.vue') }], words: () => import('./words') })
