import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

/** The words of grid groups, for every face that shows them. */
export default defineModule({ id: 'chat', routes: [], messages: { zh, en } })
