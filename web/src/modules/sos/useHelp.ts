import { useQuery } from '@tanstack/vue-query'
import { computed, ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import { useDraft } from '@/shared/drafts/useDraft'
import { sendOrKeep } from '@/shared/fieldwork/keep'
import { newId } from '@/shared/ids/newId'
import { locate } from '@/shared/map/locate'
import { keepLast, readLast } from '@/shared/session/lastSeen'
import { useSession } from '@/shared/session/session'
import { loadOutbox, settled } from '@/shared/sync/outbox'
import { useWork } from '@/shared/ui/useWork'

export interface Numbers { public: { name: string; phone: string }[]; leaders: { name: string; phone: string }[] }
interface Call { id: string; words: string; called: boolean; number: string; leaders: string[] }

const shelf = 'help'
const known: Numbers = { public: [{ name: '', phone: '110' }, { name: '', phone: '120' }], leaders: [] }

/** Whom to telephone lies on the phone before it is needed; it goes when its person signs out. */
export async function keepNumbers(): Promise<void> {
  if (!useSession().may('field.work')) return
  try {
    keepLast(shelf, await unwrap(api.GET('/api/v1/fieldwork/help')))
  } catch {
    // What was kept before still helps, and the two public numbers stand in the page.
  }
}

/** One call for help, until its person takes it back: it outlives the page and the app. */
export function useHelp() {
  const { form, clear } = useDraft<Call>('help', () => ({ id: newId(), words: '', called: false, number: '', leaders: [] }))
  const call = form as Call
  const numbers = ref<Numbers>(readLast<Numbers>(shelf)?.value ?? known)
  void keepNumbers().then(() => { numbers.value = readLast<Numbers>(shelf)?.value ?? known })
  const { busy, error, during } = useWork()
  const seen = useQuery({
    queryKey: ['case', call.id, 'help'],
    queryFn: () => unwrap(api.GET('/api/v1/cases/{case_id}', { params: { path: { case_id: call.id } } })),
    enabled: () => Boolean(call.number),
    refetchInterval: 5_000,
  })
  const taken = computed(() => seen.data.value?.steps.find((step) => step.action === 'acknowledge_alarm') ?? null)

  const send = (label: string, withPlace: boolean) => during(async () => {
    const found = withPlace ? await locate(4_000) : 'denied'
    const point = typeof found === 'string' ? {} : found.point
    const kept = await sendOrKeep({ kind: 'help.call', record: call.id, payload: { words: call.words.trim(), ...point }, label }, () => { call.called = true })
    if (kept.how === 'sent') heard(kept.result)
  })
  const heard = (result: { number?: string; leaders?: string[] }) => Object.assign(call, { number: result.number ?? '', leaders: result.leaders ?? [] })
  // A call that waited for a line goes by itself, with this page open or long closed: then it says whom it has reached.
  const arrived = computed(() => settled.value.find(({ operation }) => operation.kind === 'help.call' && operation.record === call.id)?.receipt)
  watch(arrived, (receipt) => { if (receipt && call.called && !call.number) heard(receipt.result) }, { immediate: true })
  void loadOutbox()
  const cancel = (label: string) => during(async () => {
    await sendOrKeep({ kind: 'help.cancel', record: call.id, payload: {}, label })
    clear()
    Object.assign(call, { id: newId(), words: '', called: false, number: '', leaders: [] })
  })
  return { call, numbers, busy, error, taken, send, cancel }
}
