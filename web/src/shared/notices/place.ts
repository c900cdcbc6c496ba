import type { Notice } from '@/api/shapes'
import { onDesk } from '@/shared/app/face'

/** Pages of the telephone alone. */
const field: Record<string, string> = { field_task: '/', patrol_planned: '/patrols', coverage_gap: '/coverage' }
const handovers = new Set(['work_left', 'work_given'])

/** The page of this face that a notice leads to; null when it leads nowhere. */
export function placeOf(notice: Notice, ofCase: (id: string) => string): string | null {
  if (notice.code === 'whistle_members') return '/'
  const whistle = notice.body.whistle
  if (typeof whistle === 'string') return `/whistles/${whistle}`
  if (typeof notice.body.incident === 'string') return `/incidents/${notice.body.incident}`
  if (typeof notice.body.alert === 'string') return onDesk() ? `/alerts/${notice.body.alert}` : null
  if (handovers.has(notice.code) || notice.code.startsWith('shift_')) return '/handovers'
  if (notice.body.feedback) return notice.code === 'feedback_came' ? '/opinions/answer' : '/opinions'
  if (notice.body.estate) return '/estate/notices'
  if (notice.body.mailbox && !notice.case_id) return '/mailbox'
  if (notice.code in field) return onDesk() ? null : field[notice.code]!
  return notice.case_id ? ofCase(notice.case_id) : null
}
