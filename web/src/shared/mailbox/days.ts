import type { Language } from '@/shared/i18n/i18n'

/** A plain day in the words of the language; it is a day of the city and of no zone. */
export function dayWords(day: string, language: Language): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
}
