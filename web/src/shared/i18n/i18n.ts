import { computed } from 'vue'
import { createI18n } from 'vue-i18n'

import type { Words } from '@/api/shapes'

import en from './messages.en'
import zh from './messages.zh'

export type Language = 'zh' | 'en'
export type Messages = { [key: string]: string | Messages }
const shelf = 'wg.language'

function remembered(): Language {
  try {
    return localStorage.getItem(shelf) === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh'
  }
}

export const i18n = createI18n({
  legacy: false,
  locale: remembered() as Language,
  fallbackLocale: 'zh',
  messages: { zh, en } as Record<Language, Messages>,
})

/** The language the person chose; Chinese until then. */
export const language = computed(() => i18n.global.locale.value as Language)

export function setLanguage(chosen: Language): void {
  i18n.global.locale.value = chosen
  document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en'
  try {
    localStorage.setItem(shelf, chosen)
  } catch {
    // A browser that forbids storage still switches for this visit.
  }
}

export function addMessages(zhPart: Messages, enPart: Messages): void {
  i18n.global.mergeLocaleMessage('zh', zhPart)
  i18n.global.mergeLocaleMessage('en', enPart)
}

/** The half of a bilingual name that the person reads; the other half when one is missing. */
export function inWords(words: Partial<Words> | null | undefined): string {
  if (!words) return ''
  return (language.value === 'zh' ? words.zh || words.en : words.en || words.zh) ?? ''
}
