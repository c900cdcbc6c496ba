import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref } from 'vue'

import { api, unwrap } from '@/api/client'
import { newId } from '@/shared/ids/newId'
import { say, type Outcome } from '@/shared/sync/outbox'
import type { useKeptPhotos } from '@/shared/photo/useKeptPhotos'

type Taken = ReturnType<ReturnType<typeof useKeptPhotos>['taken']>
const page = 50
/** The phone keeps first and sends then; the desk has a line or says that it has none. */
export const onPhone = location.pathname.startsWith('/w')

export function useGroup(id: () => string) {
  return useQuery({
    queryKey: computed(() => ['groups', id(), 'whole']),
    queryFn: () => unwrap(api.GET('/api/v1/groups/{group_id}', { params: { path: { group_id: id() } } })),
  })
}

function refusedOf(outcome: Outcome | undefined): void {
  if (outcome?.how === 'refused') throw outcome.refusal
}

/** What was said in a group, oldest first, and what one may do there. */
export function useThread(id: () => string) {
  const queries = useQueryClient()
  const busy = ref('')
  const error = ref<unknown>(null)
  const kept = ref('')
  const query = useInfiniteQuery({
    queryKey: computed(() => ['groups', id(), 'thread']),
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/groups/{group_id}/messages', { params: { path: { group_id: id() }, query: { limit: page, ...(pageParam && { before: pageParam }) } } })),
    initialPageParam: '',
    getNextPageParam: (last) => (last.more ? last.items.at(-1)?.at : undefined),
  })
  const messages = computed(() => (query.data.value?.pages ?? []).flatMap((one) => one.items).reverse())

  async function doing(what: string, work: () => Promise<unknown>): Promise<boolean> {
    busy.value = what
    error.value = null
    kept.value = ''
    try {
      await work()
      await queries.invalidateQueries({ queryKey: ['groups'] })
      return true
    } catch (caught) {
      error.value = caught
      return false
    } finally {
      busy.value = ''
    }
  }

  /** Says it; on the phone by the outbox, so that a dead spot loses nothing. */
  const speak = (message: { id: string; text: string; receipt: boolean }, files: string[], photos: Taken) => doing('say', async () => {
    const text = message.text.trim()
    if (!onPhone) {
      await unwrap(api.POST('/api/v1/groups/{group_id}/messages', { params: { path: { group_id: id() } }, body: { id: message.id, text, receipt: message.receipt, files } }))
      return
    }
    const named = photos.map(({ sha256, purpose }) => ({ sha256, purpose }))
    const [outcome] = await say({ kind: 'group.say', record: message.id, label: text.slice(0, 80), payload: { group: id(), text, receipt: message.receipt, photos: named }, photos })
    refusedOf(outcome)
    if (outcome?.how === 'kept') kept.value = 'groups.kept'
  })

  /** Makes a case of it, in one touch. */
  const turn = (message: { id: string; text: string }) => doing(message.id, async () => {
    const record = newId()
    if (!onPhone) {
      await unwrap(api.POST('/api/v1/groups/messages/{message_id}/case', { params: { path: { message_id: message.id } }, body: { id: record } }))
      return
    }
    const [outcome] = await say({ kind: 'group.case', record, label: message.text.slice(0, 80), payload: { message: message.id } })
    refusedOf(outcome)
    if (outcome?.how === 'kept') kept.value = 'groups.turnKept'
  })

  const takeBack = (message: string) => doing(message, () => unwrap(api.POST('/api/v1/groups/messages/{message_id}/take-back', { params: { path: { message_id: message } } })))
  /** Told only of messages whose writer asked. */
  const tellRead = (message: string) => unwrap(api.POST('/api/v1/groups/messages/{message_id}/read', { params: { path: { message_id: message } } })).catch(() => undefined)
  return { ...query, messages, busy, error, kept, speak, turn, takeBack, tellRead }
}
