import { defineModule } from '@/shared/app/module'

export default defineModule({ id: 'deskpeople', routes: [{ path: '/people', component: () => import('./PeoplePage.vue') }], words: () => import('./words') })
