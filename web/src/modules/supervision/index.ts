import { defineModule } from '@/shared/app/module'

export default defineModule({ id: 'supervision', routes: [{ path: '/supervision', component: () => import('./SupervisionPage.vue') }], words: () => import('@/shared/supervision/words') })
