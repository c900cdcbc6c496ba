import wall from '@/modules/wall'
import { createFace } from '@/shared/app/createFace'

import App from './App.vue'

createFace({ root: App, base: '/wall', staff: true, modules: [wall], routes: [{ path: '/:rest(.*)*', redirect: '/' }] })
