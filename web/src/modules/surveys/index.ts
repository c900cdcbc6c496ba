import { defineModule } from '@/shared/app/module'

/** Surveys as residents answer them, without a name. */
export default defineModule({
  id: 'surveys',
  routes: [{ path: '/survey/:code', component: () => import('./AnswerPage.vue'), props: true }],
  words: () => import('./words'),
})
