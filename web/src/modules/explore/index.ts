import { defineModule } from '@/shared/app/module'

/** The explorer: any indicator of any area, time and type, beside what it was. */
export default defineModule({ id: 'explore', routes: [{ path: '/explore', component: () => import('./ExplorePage.vue') }], words: () => import('./words') })
