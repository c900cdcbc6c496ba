import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({ id: 'deskpeople', routes: [{ path: '/people', component: () => import('./PeoplePage.vue') }], messages: { zh, en } })
