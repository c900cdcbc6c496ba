import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

/** The words of what joins cases and takes them apart. */
export default defineModule({ id: 'joined', routes: [], messages: { zh, en } })
