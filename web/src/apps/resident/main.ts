import { residentBox } from '@/modules/appbox'
import follow from '@/modules/follow'
import home from '@/modules/home'
import redbox from '@/modules/redbox'
import report, { keepScannedGrid } from '@/modules/report'
import serve from '@/modules/serve'
import { createFace } from '@/shared/app/createFace'
import letter from '@/shared/mailbox/words'

import App from './App.vue'

keepScannedGrid(location.search)
createFace({ root: App, base: '/r', modules: [letter, home, report, follow, serve, redbox, residentBox], shell: 'r' })
