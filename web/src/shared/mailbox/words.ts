import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

/** The words of letters to the Red Mailbox, for every face that shows them. */
export default defineModule({ id: 'letter', routes: [], messages: { zh, en } })
