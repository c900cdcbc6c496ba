import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

/** The words of promises and of the digest, for every face that shows them. */
export default defineModule({ id: 'handover', routes: [], messages: { zh, en } })
