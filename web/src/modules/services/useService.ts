import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref } from 'vue'

import { api, unwrap } from '@/api/client'
import type { FieldRecord, ServiceBody, Words } from '@/api/shapes'
import { sendOrKeep } from '@/shared/fieldwork/keep'
import { newId } from '@/shared/ids/newId'
import type { Typed } from '@/shared/sync/operations'
import { keepLast, readLast } from '@/shared/session/lastSeen'

export type ServiceKind = ServiceBody['kind']
/** What may be said besides: nothing of it has to be. */
export interface More { words?: string; place?: string; photos?: NonNullable<Typed['photos']> }
export interface Choice { kind: ServiceKind; type: string; name: Words; people?: number | null }

/** What was recorded last, each kind once, to be repeated in one touch. */
export function repeats(records: readonly FieldRecord[], most = 4): Choice[] {
  const found = new Map<string, Choice>()
  for (const { kind, type, name, people } of records) {
    if (kind === 'visit' || kind === 'patrol' || kind === 'talk' || kind === 'check') continue
    const key = `${kind} ${type}`
    if (!found.has(key)) found.set(key, { kind, type, name, people })
  }
  return [...found.values()].slice(0, most)
}

export function useService() {
  const queries = useQueryClient()
  const kept = readLast<FieldRecord[]>('services')
  const { data } = useQuery({
    queryKey: ['fieldwork', 'records'],
    queryFn: async () => {
      const records = await unwrap(api.GET('/api/v1/fieldwork/records'))
      keepLast('services', records)
      return records
    },
    refetchOnMount: 'always',
    ...(kept && { initialData: kept.value, initialDataUpdatedAt: kept.at }),
  })
  const again = computed(() => repeats(data.value ?? []))
  const error = ref<unknown>(null)
  const busy = ref(false)

  async function save(choice: Choice, more: More = {}): Promise<'sent' | 'kept' | null> {
    busy.value = true
    error.value = null
    const payload = {
      kind: choice.kind, type: choice.type, people: choice.people || null,
      words: more.words?.trim() ?? '', place_words: more.place?.trim() ?? '',
      ...(more.photos?.length && { photos: more.photos.map(({ sha256, purpose }) => ({ sha256, purpose })) }),
    }
    try {
      const { how } = await sendOrKeep({ kind: 'serve.record', record: newId(), payload, photos: more.photos ?? [], label: choice.name.zh })
      void queries.invalidateQueries({ queryKey: ['fieldwork'] })
      return how
    } catch (caught) {
      error.value = caught
      return null
    } finally {
      busy.value = false
    }
  }
  return { records: data, again, error, busy, save }
}
