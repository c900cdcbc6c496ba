import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

/** The words of fieldwork that stand on pages of several modules. */
export default defineModule({ id: 'fieldwork', routes: [], messages: { zh, en } })
