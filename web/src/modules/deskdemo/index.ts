import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({ id: 'deskdemo', routes: [{ path: '/demo', component: () => import('./DemoPage.vue') }], messages: { zh, en } })
