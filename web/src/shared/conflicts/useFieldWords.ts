import { useI18n } from 'vue-i18n'

import type { components } from '@/api/schema'
import { useTenant } from '@/shared/session/tenant'

export type Conflict = components['schemas']['ConflictView']

/** A value as a person reads it. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** What was to follow from a spot check, as the step of the case that it is. */
const followed: Record<string, string> = { urge: 'urge', notice: 'supervise', rework: 'fail_check' }
/** The step that waits for somebody's word. */
export const proposed = ({ payload }: Pick<Conflict, 'payload'>): string => shown(payload.action) || (followed[shown(payload.follow)] ?? '')

/** What a field is called and what its values say, in the words of the record that it belongs to. */
export function useFieldWords(item: () => Pick<Conflict, 'collection'>) {
  const { t, te } = useI18n()
  const { typeName, listName } = useTenant()
  const ofHome = () => item().collection === 'home'

  function nameOf(field: string): string {
    const name = ofHome() && field === 'kind' ? 'use' : field
    return te(`conflict.names.${name}`) ? t(`conflict.names.${name}`) : field
  }
  function valueOf(field: string, value: unknown): string {
    const plain = shown(value)
    if (!plain) return t('conflict.nothingThere')
    if (ofHome()) return field === 'kind' && te(`conflict.uses.${plain}`) ? t(`conflict.uses.${plain}`) : plain
    if (field === 'type') return typeName(plain)
    return field === 'level' || field === 'kind' ? listName(`${field}s`, plain, plain) : plain
  }
  return { nameOf, valueOf }
}
