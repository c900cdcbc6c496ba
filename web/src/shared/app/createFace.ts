import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { type App, type Component, createApp } from 'vue'
import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'

import { whenSignedOut } from '@/api/client'
import { Refusal, whenLeft } from '@/api/refusal'
import { addMessages, i18n, language, setLanguage } from '@/shared/i18n/i18n'
import { useSession } from '@/shared/session/session'
import { keepShell } from '@/shared/shell/shell'
import { wearLastBrand } from '@/shared/theme/brand'
import '@/shared/theme/base.css'
import '@/shared/theme/elder'

import { type Module, routesOf } from './module'

interface Face {
  root: Component
  base: string
  modules: Module[]
  routes?: RouteRecordRaw[]
  /** Staff faces lead to the sign-in page when nobody is signed in. */
  staff?: boolean
  /** The name under which this face is kept on the device, to start without a network. */
  shell?: 'w' | 'r'
}

function gate(): void {
  const back = encodeURIComponent(location.pathname + location.search)
  location.assign(`/?back=${back}`)
}

/** The session ended: a page on which somebody writes stays, for what he writes lies on the phone anyway. */
function signedOut(router: Router, base: string): void {
  const { currentRoute } = router
  const here = currentRoute.value.matched.length ? currentRoute.value : router.resolve(location.pathname.slice(base.length) || '/')
  if (!(here.meta.writes && useSession().goOnAsOwner())) gate()
}

/** A post has ended: this device gives back what it has, and the sign-in page says so. */
function depart(delivers: boolean): void {
  void import('@/shared/sync/leaving').then(({ leave }) => leave(delivers)).then((done) => {
    if (done) location.assign('/?left=1')
  })
}

function guard(router: Router): void {
  router.beforeEach(async (to) => {
    const session = useSession()
    if (session.known && !session.ended) return true
    try {
      if (!session.ended && (await session.load())) return true
    } catch {
      // No network: the page shows what it kept, and its own failed state.
      return true
    }
    if (to.meta.writes && session.goOnAsOwner()) return true
    gate()
    return false
  })
}

/** Whoever writes a report needs the line for his photos: what other pages need waits until he is done. */
function lineIsFree(router: Router): Promise<void> {
  return new Promise((free) => {
    if (!router.currentRoute.value.meta.writes) return free()
    const stop = router.afterEach(({ meta }) => {
      if (meta.writes) return
      stop()
      free()
    })
  })
}

/** So many ms the page that was asked for has a weak device to itself. */
const SETTLED = 4000

/** Loads what is not shown yet while the line is idle, one by one, so that it opens where there is no network. */
function fetchAhead(router: Router, modules: Module[], shell?: string): void {
  const idle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 1500))
  idle(() => void (async () => {
    if (shell) void keepShell(shell)
    await new Promise((settled) => setTimeout(settled, SETTLED))
    const pages = router.getRoutes().map(({ components }) => components?.default as unknown)
    for (const load of [...modules.map(({ ahead }) => ahead), ...pages]) {
      if (typeof load !== 'function') continue
      await lineIsFree(router)
      // What does not come now is asked for again when it is opened.
      await (load as () => Promise<unknown>)().catch(() => undefined)
    }
  })())
}

/** A page whose code a newer release has replaced is opened anew, once. */
function recover(router: Router): void {
  router.onError((_error, to) => {
    const { href } = router.resolve(to)
    if (!navigator.onLine || location.pathname === href) return
    location.assign(href)
  })
}

/** Assembles one face of the product from its modules and mounts it. */
export function createFace({ root, base, modules, routes = [], staff = false, shell }: Face): App {
  wearLastBrand()
  setLanguage(language.value)
  for (const { messages } of modules) if (messages) addMessages(messages.zh, messages.en)
  const router = createRouter({
    history: createWebHistory(base),
    routes: [...modules.flatMap(routesOf), ...routes, { path: '/:rest(.*)*', component: () => import('@/shared/ui/NoSuchPage.vue') }],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // Without network a question fails at once and says so, instead of waiting without a word.
        networkMode: 'always',
        refetchOnReconnect: true,
        retry: (count, error) => !(error instanceof Refusal) && navigator.onLine && count < 2,
      },
      mutations: { networkMode: 'always' },
    },
  })
  const app = createApp(root).use(createPinia()).use(VueQueryPlugin, { queryClient: queries }).use(i18n)
  if (staff) {
    guard(router)
    whenSignedOut(() => signedOut(router, base))
  }
  whenLeft(depart)
  app.use(router).mount('#app')
  recover(router)
  // Whoever is sent to the sign-in page never gets ready here.
  router.isReady().then(() => fetchAhead(router, modules, shell), () => undefined)
  return app
}
