import casework from '@/modules/casework'
import field from '@/modules/field'
import grid from '@/modules/grid'
import handovers from '@/modules/handovers'
import inbox from '@/modules/inbox'
import mailbox from '@/modules/mailbox'
import mine from '@/modules/mine'
import today from '@/modules/today'
import whistles from '@/modules/whistles'
import { createFace } from '@/shared/app/createFace'
import contact from '@/shared/contact/words'
import joined from '@/shared/joined/words'
import joint from '@/shared/joint/words'
import letter from '@/shared/mailbox/words'

import App from './App.vue'

createFace({ root: App, base: '/w', modules: [contact, joined, joint, letter, today, casework, field, grid, inbox, mine, whistles, handovers, mailbox], staff: true })
