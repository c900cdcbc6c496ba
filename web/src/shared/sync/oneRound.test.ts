import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { expect, test, vi } from 'vitest'
import { createApp, defineComponent } from 'vue'

import { useSync } from './useSync'

const rounds = vi.hoisted(() => ({ now: Promise.resolve({ moved: 1, uploaded: 0, ended: 'done' }), asked: 0 }))
vi.mock('./outbox', async (original) => ({
  ...(await original<object>()),
  flush: () => {
    rounds.asked += 1
    return rounds.now
  },
}))

test('one round that two waited for makes the page ask again once; the next round does so anew', async () => {
  const queries = new QueryClient()
  const asked = vi.spyOn(queries, 'invalidateQueries')
  const app = createApp(defineComponent({ setup: () => useSync(), render: () => null })).use(createPinia()).use(VueQueryPlugin, { queryClient: queries })
  app.mount(document.createElement('div'))
  window.dispatchEvent(new Event('online'))
  await vi.waitFor(() => expect(rounds.asked).toBe(2))
  await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(1))
  rounds.now = Promise.resolve({ moved: 1, uploaded: 0, ended: 'done' })
  window.dispatchEvent(new Event('online'))
  await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2))
  app.unmount()
})
