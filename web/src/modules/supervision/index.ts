import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({ id: 'supervision', routes: [{ path: '/supervision', component: () => import('./SupervisionPage.vue') }], messages: { zh, en } })
