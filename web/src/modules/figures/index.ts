import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({ id: 'figures', routes: [{ path: '/figures', component: () => import('./FiguresPage.vue') }], messages: { zh, en } })
