import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'groups',
  routes: [
    { path: '/groups', component: () => import('./GroupsPage.vue') },
    { path: '/groups/paste', component: () => import('./PastePage.vue'), meta: { bare: true } },
    { path: '/groups/new', component: () => import('./FoundPage.vue'), meta: { bare: true } },
    { path: '/groups/:id', component: () => import('./ThreadPage.vue'), props: true, meta: { bare: true } },
    { path: '/groups/:id/about', component: () => import('./AboutPage.vue'), props: true, meta: { bare: true } },
  ],
  words: () => import('./words'),
})
