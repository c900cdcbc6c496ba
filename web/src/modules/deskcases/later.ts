import { lazyBox } from '@/shared/ui/lazyBox'

import type * as Boxes from './boxes'

/** The list stands first; the case comes with its pane, and what few cases have comes after it. */
export const CasePane = lazyBox(async () => (await import('./CasePane.vue')).default)

/** The step on many; few use it, and not at once. */
export const ManyPane = lazyBox(async () => (await import('./ManyPane.vue')).default)

const box = <K extends keyof typeof Boxes>(name: K) => lazyBox(async () => (await import('./boxes'))[name])
export const HouseholdsBox = box('HouseholdsBox')
export const RequestsBox = box('RequestsBox')
export const ContactBox = box('ContactBox')
export const OrderBox = box('OrderBox')
export const RelatedBox = box('RelatedBox')
export const CaseWhistles = box('CaseWhistles')
export const TasksBox = box('TasksBox')
export const PromisesBox = box('PromisesBox')
export const SupervisionBox = box('SupervisionBox')
export const AboutBox = box('AboutBox')
export const GroupAnswer = box('GroupAnswer')
export const TellBox = box('TellBox')
export const SameAnswers = box('SameAnswers')
export const HearBox = box('HearBox')

/** Both pieces, while the line is idle: the first case then opens at once. */
export const fetchPane = () => Promise.all([import('./CasePane.vue'), import('./boxes')]).catch(() => undefined)
