import { defineModule } from '@/shared/app/module'

export default defineModule({ id: 'deskentry', routes: [{ path: '/new', component: () => import('./EntryPage.vue') }], words: () => import('./words') })
