import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({ id: 'deskcalls', routes: [{ path: '/calls', component: () => import('./CallsPage.vue') }], messages: { zh, en } })
