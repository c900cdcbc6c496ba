import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'sos',
  routes: [{ path: '/help', component: () => import('./HelpPage.vue'), meta: { bare: true, writes: true } }],
  words: () => import('./words'),
  ahead: () => import('./useHelp').then(({ keepNumbers }) => keepNumbers()),
})
