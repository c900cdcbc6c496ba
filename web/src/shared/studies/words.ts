import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

/** The words of a result, at the desk and for residents. */
export default defineModule({ id: 'studiesWords', routes: [], messages: { zh, en } })
