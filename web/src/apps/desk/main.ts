import deskadmin from '@/modules/deskadmin'
import deskcases from '@/modules/deskcases'
import deskdemo from '@/modules/deskdemo'
import deskentry from '@/modules/deskentry'
import deskpeople from '@/modules/deskpeople'
import deskroster from '@/modules/deskroster'
import deskshell from '@/modules/deskshell'
import hotline from '@/modules/hotline'
import { createFace } from '@/shared/app/createFace'
import words from '@/shared/desk/words'

import App from './App.vue'

createFace({
  root: App, base: '/desk', staff: true,
  modules: [words, deskshell, deskcases, deskentry, hotline, deskroster, deskpeople, deskadmin, deskdemo],
  routes: [{ path: '/:rest(.*)*', redirect: '/' }],
})
