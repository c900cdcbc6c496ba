import { defineModule } from '@/shared/app/module'

const words = () => import('./words')

/** What people at work say about the app itself, and how the app stands to the rule. */
export default defineModule({
  id: 'appbox',
  routes: [
    { path: '/opinions', component: () => import('./OpinionsPage.vue'), meta: { bare: true } },
    { path: '/opinions/answer', component: () => import('./AnswerPage.vue'), meta: { bare: true } },
    { path: '/compliance', component: () => import('./CompliancePage.vue'), meta: { bare: true } },
  ],
  words,
})

/** The resident's side: without an account, by a code. */
export const residentBox = defineModule({
  id: 'appbox',
  routes: [{ path: '/opinions', component: () => import('./ResidentPage.vue') }],
  words,
})
