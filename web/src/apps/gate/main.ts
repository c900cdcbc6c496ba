import gate from '@/modules/gate'
import { createFace } from '@/shared/app/createFace'

import App from './App.vue'

createFace({ root: App, base: '/', modules: [gate] })
