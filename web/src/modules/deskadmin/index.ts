import { defineModule } from '@/shared/app/module'

export default defineModule({
  id: 'deskadmin',
  routes: [
    { path: '/rules/:name/versions', component: () => import('./VersionsPage.vue'), props: true },
    { path: '/rules/:name?', component: () => import('./RulesPage.vue'), props: true },
    { path: '/areas', component: () => import('./TopologyPage.vue') },
    { path: '/audit', component: () => import('./AuditPage.vue') },
  ],
  words: () => import('./words'),
})
