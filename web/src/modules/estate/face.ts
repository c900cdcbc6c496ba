import { addMessages } from '@/shared/i18n/i18n'

import CompanyPage from './CompanyPage.vue'
import words from './words'

/** The first page of a company with its words. */
export function companyPage() {
  addMessages(words.zh, words.en)
  return CompanyPage
}
