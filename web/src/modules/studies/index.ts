import { defineModule } from '@/shared/app/module'

/** Studies: analyses that write themselves, surveys, outcomes with their source. */
export default defineModule({
  id: 'studies',
  routes: [
    { path: '/studies', component: () => import('./AnalysesPage.vue') },
    { path: '/studies/analyses/:id', component: () => import('./AnalysisPage.vue'), props: true },
    { path: '/studies/surveys', component: () => import('./SurveysPage.vue') },
    { path: '/studies/surveys/:id', component: () => import('./SurveyPage.vue'), props: true },
    { path: '/studies/outcomes', component: () => import('./OutcomesPage.vue') },
  ],
  words: () => import('./words'),
})
