import { defineModule } from '@/shared/app/module'

export default defineModule({ id: 'deskcommand', routes: [{ path: '/command', component: () => import('./CommandPage.vue') }], words: () => import('./words') })
