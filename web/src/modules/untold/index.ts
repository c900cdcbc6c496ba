import { defineModule } from '@/shared/app/module'

export default defineModule({ id: 'untold', routes: [{ path: '/untold', component: () => import('./UntoldPage.vue') }], words: () => import('./words') })
