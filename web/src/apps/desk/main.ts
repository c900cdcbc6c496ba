import deskcases from '@/modules/deskcases'
import deskentry from '@/modules/deskentry'
import deskshell from '@/modules/deskshell'
import { createFace } from '@/shared/app/createFace'
import words from '@/shared/desk/words'

import App from './App.vue'

createFace({ root: App, base: '/desk', staff: true, modules: [words, deskshell, deskcases, deskentry] })
