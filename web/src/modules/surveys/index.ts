import { defineModule } from '@/shared/app/module'

/** What is open to everybody: the city's figures, and surveys that are answered without a name. */
export default defineModule({
  id: 'surveys',
  routes: [
    { path: '/survey/:code', component: () => import('./AnswerPage.vue'), props: true },
    { path: '/open', component: () => import('./OpenPage.vue') },
  ],
  words: () => import('./words'),
})
