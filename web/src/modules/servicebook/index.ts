import { defineModule } from '@/shared/app/module'

/** What was done for people on the desk's ground. */
export default defineModule({ id: 'servicebook', routes: [{ path: '/services', component: () => import('./ServicesPage.vue') }], words: () => import('./words') })
