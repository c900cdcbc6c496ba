import { addMessages } from '@/shared/i18n/i18n'

import OwnTasks from './OwnTasks.vue'
import words from './words'

/** Tasks of emergencies with their words, for the first page of the phone. */
export function ownTasks() {
  addMessages(words.zh, words.en)
  return OwnTasks
}
