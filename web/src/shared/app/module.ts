import type { RouteRecordRaw } from 'vue-router'

import type { Messages } from '@/shared/i18n/i18n'

export interface Module {
  id: string
  routes: RouteRecordRaw[]
  messages: { zh: Messages; en: Messages }
}

/** One feature: its pages and its words. An app is a list of these. */
export function defineModule(module: Module): Module {
  return module
}
