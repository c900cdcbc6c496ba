import { defineModule } from '@/shared/app/module'

export default defineModule({ id: 'deskdemo', routes: [{ path: '/demo', component: () => import('./DemoPage.vue') }], words: () => import('./words') })
