import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

/** The words of the contact with the asker, for every face that shows it. */
export default defineModule({ id: 'contact', routes: [], messages: { zh, en } })
