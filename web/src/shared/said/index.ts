import { defineModule } from '@/shared/app/module'

/** What was said on this phone and waits: its page; its list stands on other pages too. */
export default defineModule({ id: 'said', routes: [{ path: '/kept/:id', component: () => import('./KeptPage.vue'), props: true }] })
