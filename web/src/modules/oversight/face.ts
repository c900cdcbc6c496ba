import { addMessages } from '@/shared/i18n/i18n'

import en from './messages.en'
import zh from './messages.zh'
import SupervisorPage from './SupervisorPage.vue'

/** The first page of a supervisor's phone with its words. */
export function supervisorPage() {
  addMessages(zh, en)
  return SupervisorPage
}
