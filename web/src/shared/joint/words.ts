import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

/** The words of whistles and assisting units, for every face that shows them. */
export default defineModule({ id: 'joint', routes: [], messages: { zh, en } })
