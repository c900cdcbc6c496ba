import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({ id: 'deskentry', routes: [{ path: '/new', component: () => import('./EntryPage.vue') }], messages: { zh, en } })
