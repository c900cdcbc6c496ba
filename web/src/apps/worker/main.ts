import casework from '@/modules/casework'
import field from '@/modules/field'
import grid from '@/modules/grid'
import inbox from '@/modules/inbox'
import mine from '@/modules/mine'
import today from '@/modules/today'
import { createFace } from '@/shared/app/createFace'
import contact from '@/shared/contact/words'
import joined from '@/shared/joined/words'

import App from './App.vue'

createFace({ root: App, base: '/w', modules: [contact, joined, today, casework, field, grid, inbox, mine], staff: true })
