import { computed, type Ref, ref, watch } from 'vue'

import { useDraft } from '@/shared/drafts/useDraft'
import { sendOrKeep } from '@/shared/fieldwork/keep'
import { newId } from '@/shared/ids/newId'
import { useWork } from '@/shared/ui/useWork'

/** What stood when somebody began to type, and what he has typed since. */
interface Typed { words: string; was: string; kept?: boolean }

/** One's own words of a day: kept on the phone while they are typed, sent when there is a line, never overwritten by what arrives. */
export function useNote(day: Ref<string>, stands: () => string | undefined, label: () => string) {
  const { form: typed, save: keep } = useDraft<Record<string, Typed>>('diary', () => ({}))
  const { busy, error: refused, during } = useWork()
  const state = ref<'' | 'saved' | 'kept'>('')
  const note = computed({
    get: () => typed[day.value]?.words ?? stands() ?? '',
    set: (words: string) => {
      const before = typed[day.value]
      typed[day.value] = { words, was: before?.was ?? stands() ?? '' }
      state.value = ''
    },
  })
  watch(day, () => { state.value = typed[day.value]?.kept ? 'kept' : '' }, { immediate: true })
  // What was kept has arrived: from here on the server's words stand.
  watch([stands, day], () => {
    const mine = typed[day.value]
    if (!mine?.kept || !stands()?.includes(mine.words.trim())) return
    forget(day.value)
    if (state.value === 'kept') state.value = ''
  }, { immediate: true })

  function forget(which: string): void {
    delete typed[which]
    keep()
  }

  async function save(): Promise<void> {
    const on = day.value
    const { words, was } = typed[on] ?? { words: note.value, was: stands() ?? '' }
    await during(async () => {
      const { how } = await sendOrKeep({ kind: 'day.note', record: newId(), payload: { day: on, words, was }, label: label() })
      // Whoever goes on typing builds on what is on its way.
      typed[on] = { words: typed[on]?.words ?? words, was: words, kept: true }
      keep()
      state.value = how === 'sent' ? 'saved' : 'kept'
    })
  }
  return { note, state, busy, refused, save }
}
