import { createFace } from '@/shared/app/createFace'

import App from './App.vue'

createFace({ root: App, base: '/desk', modules: [], staff: true, routes: [{ path: '/', component: App }] })
