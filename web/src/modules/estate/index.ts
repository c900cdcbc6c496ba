import { defineModule } from '@/shared/app/module'

/** Orders, people and notices of one's own estates; and approving notices, for the community. */
export default defineModule({
  id: 'estate',
  routes: [
    { path: '/estate/people', component: () => import('./PeoplePage.vue'), meta: { bare: true } },
    { path: '/estate/notices', component: () => import('./NoticesPage.vue'), meta: { bare: true } },
  ],
  words: () => import('./words'),
})
