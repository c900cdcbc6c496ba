import { defineModule } from '@/shared/app/module'

/** Studies: surveys and their results. */
export default defineModule({
  id: 'studies',
  routes: [
    { path: '/studies', component: () => import('./SurveysPage.vue') },
    { path: '/studies/surveys/:id', component: () => import('./SurveyPage.vue'), props: true },
  ],
  words: () => import('./words'),
})
