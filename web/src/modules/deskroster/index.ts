import { defineModule } from '@/shared/app/module'

export default defineModule({ id: 'deskroster', routes: [{ path: '/roster', component: () => import('./RosterPage.vue') }], words: () => import('./words') })
