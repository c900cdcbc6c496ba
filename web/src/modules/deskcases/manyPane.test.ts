import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import type { Plugin } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'

import type { DeskCard } from '@/api/desk'
import { addMessages, i18n } from '@/shared/i18n/i18n'
import { useSession } from '@/shared/session/session'

import AnswerTemplates from './AnswerTemplates.vue'
import CasesPage from './CasesPage.vue'
import ManyPane from './ManyPane.vue'
import en from './messages.en'
import zh from './messages.zh'

afterEach(() => {
  vi.unstubAllGlobals()
  i18n.global.locale.value = 'zh'
})
addMessages(zh, en)

const card = (id: string, state = 'reported') => ({ id, number: `N-${id}`, title: `case ${id}`, text: '', state, version: 3, due_at: null, type_name: null, holder: { kind: 'desk', id: 'd', name: 'desk' } }) as unknown as DeskCard
const tenant = { tenant: 't', brand: { name: { zh: '', en: 'City' } }, zone: 'Asia/Shanghai', demo: false, now: '2026-11-22T10:00:00Z', frozen: false, switches: {}, lists: {}, types: [], states: [], actions: [{ code: 'accept', zh: '', en: 'Accept' }] }

/** Answers by the end of the address; remembers what was sent. */
function server(answers: Record<string, unknown>) {
  const sent: { path: string; body: Record<string, unknown> }[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    if (request.method !== 'GET') sent.push({ path, body: await request.clone().json() })
    const found = Object.entries({ '/tenant': tenant, ...answers }).find(([end]) => path.endsWith(end))
    return new Response(JSON.stringify(found?.[1] ?? []), { status: found ? 200 : 404, headers: { 'content-type': 'application/json' } })
  })
  return sent
}

function shown(component: object, props: Record<string, unknown>, more: Plugin[] = []) {
  const pinia = createPinia()
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  useSession(pinia).me = { permissions: ['case.accept', 'case.read'], posts: [] } as never
  return mount(component as never, { props: props as never, global: { plugins: [pinia, [VueQueryPlugin, { queryClient }], i18n, ...more] }, attachTo: document.body })
}

test('nothing moves before it was looked at, and then only what allowed it', async () => {
  const refused = { code: 'stale_version', zh: '', en: 'somebody has just changed this case' }
  const [first, second] = [card('a'), card('b')]
  const sent = server({
    '/together/preview': { taken: 1, rows: [{ case_id: 'a', before: first, after: { ...first, state: 'registered' }, refused: null }, { case_id: 'b', before: second, after: null, refused }] },
    '/together': { taken: 1, rows: [{ case_id: 'a', before: first, after: { ...first, state: 'registered' }, refused: null }] },
  })
  i18n.global.locale.value = 'en'
  const pane = shown(ManyPane, { cards: [first, second] })
  expect(pane.find('section').exists()).toBe(false)
  await pane.find('form').trigger('submit')
  await flushPromises()
  expect(pane.text()).toContain('1 can be done')
  expect(pane.findAll('li.refused').map((row) => row.text())).toEqual([expect.stringContaining('somebody has just changed')])

  await pane.find('section .app-button').trigger('click')
  await flushPromises()

  expect(sent.map(({ path }) => path.split('/').at(-1))).toEqual(['preview', 'together'])
  const rows = sent.map(({ body }) => body.rows as { case_id: string; id: string; version: number }[])
  expect(rows[1]).toEqual([rows[0]![0]])
  expect(pane.text()).toContain('1 done')
  pane.unmount()
})

test('keys choose rows of the list, and a shared filter of a colleague stands beside the queues', async () => {
  server({
    '/cases/queues': [{ code: 'to_accept', count: 2, emergencies: 0 }],
    '/cases': { items: ['a', 'b'].map((id) => ({ ...card(id), emergency: [], place: { names: [], words: '', state: 'located' }, kind: '', channel: '', received_at: '2026-11-22T09:00:00Z', light: 'none', round: 1 })), next: null },
    '/desk/filters': [{ id: 'f', name: 'Lamps', address: { queue: 'all' }, own: false, by: 'Feng', unit: 'desk' }],
  })
  i18n.global.locale.value = 'en'
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: CasesPage }] })
  await router.push('/')
  const page = shown(CasesPage, {}, [router])
  await flushPromises()
  await vi.waitFor(() => expect(page.findAll('[data-case]')).toHaveLength(2))
  expect(page.text()).toContain('LampsFeng')
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'x' }))
  await flushPromises()
  expect(page.text()).toContain('1 chosen')
  expect(page.findAll('.line input').map((box) => (box.element as HTMLInputElement).checked)).toEqual([true, false])
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
  await flushPromises()
  expect(page.text()).not.toContain('chosen')
  page.unmount()
})

test('a link into a list of another role opens everything beside its case', async () => {
  const asked: string[] = []
  server({ '/cases/queues': [] })
  const answer = globalThis.fetch
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url)
    if (!pathname.endsWith('/cases')) return answer(request)
    asked.push(searchParams.get('queue') ?? '')
    const refused = searchParams.has('queue')
    return new Response(JSON.stringify(refused ? { code: 'unknown_queue', zh: '没有这个列表', en: 'no such queue' } : { items: [], next: null }), { status: refused ? 422 : 200, headers: { 'content-type': 'application/json' } })
  })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: CasesPage }] })
  await router.push('/?queue=to_dispatch&case=a')
  const page = shown(CasesPage, {}, [router])
  await vi.waitFor(() => expect(router.currentRoute.value.query).toEqual({ queue: 'all', case: 'a' }))
  await vi.waitFor(() => expect(asked.at(-1)).toBe(''))
  page.unmount()
})

test('a template is read as this case fills it before it becomes the answer', async () => {
  server({ '/answer-templates': { items: [{ id: 't', name: 'Lamp', text: '{number} done', filled: 'N-7 done', open: [], unit: 'u' }], blanks: [] } })
  i18n.global.locale.value = 'en'
  const box = shown(AnswerTemplates, { caseId: 'c', modelValue: '' })
  const details = box.find('details').element as HTMLDetailsElement
  details.open = true
  await box.find('details').trigger('toggle')
  await flushPromises()
  await box.find('.names button').trigger('click')
  expect(box.find('blockquote').text()).toBe('N-7 done')

  await box.find('.foot .app-button').trigger('click')

  expect(box.emitted('update:modelValue')).toEqual([['N-7 done']])
  box.unmount()
})
