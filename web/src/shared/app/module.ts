import type { RouteRecordRaw } from 'vue-router'

import { addMessages, type Messages } from '@/shared/i18n/i18n'

interface Words { zh: Messages; en: Messages }
type Page = () => Promise<unknown>

export interface Module {
  id: string
  routes: RouteRecordRaw[]
  /** Words that stand on other pages too: they come at once. */
  messages?: Words
  /** Words of the module's own pages alone: they come with the first of them. */
  words?: () => Promise<{ default: Words }>
  /** What the module loads later, fetched while the line is idle. */
  ahead?: () => Promise<unknown>
}

/** One feature: its pages and its words. An app is a list of these. */
export function defineModule(module: Module): Module {
  return module
}

/** The module's routes; a page whose words are not there yet brings them along. */
export function routesOf({ routes, words }: Module): RouteRecordRaw[] {
  if (!words) return routes
  const learn = async () => {
    const { default: own } = await words()
    addMessages(own.zh, own.en)
  }
  return routes.map((route) => {
    const page = route.component as Page
    return { ...route, component: async () => (await Promise.all([page(), learn()]))[0] } as RouteRecordRaw
  })
}
