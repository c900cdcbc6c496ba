import { defineModule } from '@/shared/app/module'

export default defineModule({ id: 'wall', routes: [
  { path: '/', component: () => import('./WallPage.vue') },
], words: () => import('./words') })
