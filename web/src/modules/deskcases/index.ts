import { defineModule } from '@/shared/app/module'

import CasesPage from './CasesPage.vue'
import { fetchPane } from './later'
import en from './messages.en'
import zh from './messages.zh'

export default defineModule({ id: 'deskcases', routes: [{ path: '/', component: CasesPage }], messages: { zh, en }, ahead: fetchPane })
