import follow from '@/modules/follow'
import home from '@/modules/home'
import report, { keepScannedGrid } from '@/modules/report'
import serve from '@/modules/serve'
import { createFace } from '@/shared/app/createFace'

import App from './App.vue'

keepScannedGrid(location.search)
createFace({ root: App, base: '/r', modules: [home, report, follow, serve] })
