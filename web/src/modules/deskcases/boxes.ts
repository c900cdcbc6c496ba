import { addMessages } from '@/shared/i18n/i18n'

import en from './boxwords/messages.en'
import zh from './boxwords/messages.zh'

/** Words of these alone. */
addMessages(zh, en)

/** What stands in the pane of some cases only: it comes in one piece, after the case itself. */
export { default as HouseholdsBox } from '@/shared/case/HouseholdsBox.vue'
export { default as RequestsBox } from '@/shared/case/RequestsBox.vue'
export { default as ContactBox } from '@/shared/contact/ContactBox.vue'
export { default as TellBox } from '@/shared/contact/TellBox.vue'
export { default as GroupAnswer } from '@/shared/groups/GroupAnswer.vue'
export { default as OrderBox } from '@/shared/hotline/OrderBox.vue'
export { default as RelatedBox } from '@/shared/joined/RelatedBox.vue'
export { default as CaseWhistles } from '@/shared/joint/CaseWhistles.vue'
export { default as TasksBox } from '@/shared/joint/TasksBox.vue'
export { default as PromisesBox } from '@/shared/handovers/PromisesBox.vue'
export { default as SupervisionBox } from '@/shared/supervision/SupervisionBox.vue'

export { default as AboutBox } from './AboutBox.vue'
export { default as HearBox } from './HearBox.vue'
export { default as SameAnswers } from './SameAnswers.vue'
