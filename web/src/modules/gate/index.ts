import { defineModule } from '@/shared/app/module'

import en from './messages.en'
import zh from './messages.zh'

export default defineModule({
  id: 'gate',
  routes: [
    { path: '/', component: () => import('./SignInPage.vue') },
    { path: '/activate', component: () => import('./ActivationPage.vue') },
    { path: '/second-step', component: () => import('./SecondStepPage.vue') },
    { path: '/password', component: () => import('./NewPasswordPage.vue') },
  ],
  messages: { zh, en },
})
