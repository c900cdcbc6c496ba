import { defineModule } from '@/shared/app/module'

export default defineModule({ id: 'video', routes: [{ path: '/video', component: () => import('./VideoPage.vue') }], words: () => import('./words') })
