import aboutme from '@/modules/aboutme'
import { residentBox } from '@/modules/appbox'
import follow from '@/modules/follow'
import home from '@/modules/home'
import redbox from '@/modules/redbox'
import report, { keepScannedGrid } from '@/modules/report'
import serve from '@/modules/serve'
import surveys from '@/modules/surveys'
import { createFace } from '@/shared/app/createFace'
import letter from '@/shared/mailbox/words'
import { useOwnShelf } from '@/shared/resident/me'
import said from '@/shared/said'

import App from './App.vue'

useOwnShelf()
keepScannedGrid(location.search)
createFace({ root: App, base: '/r', modules: [letter, said, home, report, follow, serve, redbox, surveys, aboutme, residentBox], shell: 'r' })
