import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

/** The words of what the desk's modules share. */
export default defineModule({ id: 'desk', routes: [], messages: { zh, en } })
