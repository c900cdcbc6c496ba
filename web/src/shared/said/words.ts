import { addMessages } from '@/shared/i18n/i18n'

import en from './messages.en'
import zh from './messages.zh'

/** They come with the first thing that shows what waits, not with every page. */
addMessages(zh, en)
