import type { CaseType } from '@/api/shapes'
import { inWords } from '@/shared/i18n/i18n'

import type { Option } from './options'

/** Types that a case may have, each under the name of its class. */
export function typeOptions(types: readonly CaseType[]): Option[] {
  const byCode = new Map(types.map((type) => [type.code, type]))
  const parents = new Set(types.map((type) => type.parent).filter(Boolean))
  const above = (type: CaseType) => {
    const names: string[] = []
    for (let up = type.parent ? byCode.get(type.parent) : undefined; up; up = up.parent ? byCode.get(up.parent) : undefined) names.unshift(inWords(up))
    return names.join(' › ')
  }
  return types.filter((type) => !parents.has(type.code)).map((type) => ({ value: type.code, label: inWords(type), hint: above(type) }))
}
