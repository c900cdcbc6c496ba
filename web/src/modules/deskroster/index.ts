import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({ id: 'deskroster', routes: [{ path: '/roster', component: () => import('./RosterPage.vue') }], messages: { zh, en } })
