import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'incidents',
  routes: [
    { path: '/incidents', component: () => import('./RegisterPage.vue') },
    { path: '/incidents/new', component: () => import('./NewIncidentPage.vue') },
    { path: '/incidents/plans', component: () => import('./PlansPage.vue') },
    { path: '/incidents/resources', component: () => import('./ResourcesPage.vue') },
    { path: '/incidents/:id', component: () => import('./BoardPage.vue'), props: true, meta: { bare: true } },
  ],
  words: () => import('./words'),
})
