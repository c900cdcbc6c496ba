import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import { blankWord, isReached, missingWord } from '@/shared/contact/word'
import { newId } from '@/shared/ids/newId'

import { blankQuestion, comesBack, isWhole } from './question'

/** The callers' list, the call in hand and its result; nothing typed is lost when sending fails. */
export function useCalls() {
  const queries = useQueryClient()
  const query = useQuery({ queryKey: ['cases', 'calls'], queryFn: () => unwrap(api.GET('/api/v1/callbacks')) })
  const chosen = ref<string | null>(null)
  const id = ref(newId())
  const result = ref<string | null>(null)
  const word = ref(blankWord())
  const question = ref(blankQuestion())
  const wrong = ref<'' | 'contact.choose' | 'deskcalls.questionMissing' | ReturnType<typeof missingWord>>('')
  const phone = ref<string | null>(null)
  const outcome = ref('')
  const items = computed(() => query.data.value?.items ?? [])
  const current = computed(() => items.value.find((one) => one.id === chosen.value) ?? items.value[0] ?? null)
  const reached = computed(() => isReached(result.value))
  const questionable = computed(() => reached.value && comesBack(word.value))

  function startOver(): void {
    id.value = newId()
    result.value = null
    word.value = blankWord()
    question.value = blankQuestion()
    wrong.value = ''
    phone.value = null
  }
  watch(() => current.value?.id, startOver)

  function next(): void {
    const at = items.value.findIndex((one) => one.id === current.value?.id)
    chosen.value = items.value[(at + 1) % items.value.length]?.id ?? null
  }
  const show = useMutation({
    mutationFn: (reason: string) => unwrap(api.GET('/api/v1/cases/{case_id}/asker', { params: { path: { case_id: current.value!.id }, query: { reason } } })),
    onSuccess: (asker) => { phone.value = asker.phone },
  })
  const send = useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/cases/{case_id}/callback', {
      params: { path: { case_id: current.value!.id } },
      body: {
        id: id.value, way: 'call', result: result.value!, note: word.value.note.trim(),
        ...(reached.value && { solved: word.value.solved, satisfaction: word.value.satisfaction ?? '' }),
        ...(questionable.value && question.value.on && { question: { reason: question.value.reason, ground: question.value.ground.trim() } }),
      },
    })),
    onSuccess: async (answer) => {
      outcome.value = questionable.value && question.value.on && answer.outcome === 'reopened' ? 'questioned' : answer.outcome || 'again'
      chosen.value = null
      startOver()
      await queries.invalidateQueries({ queryKey: ['cases', 'calls'] })
    },
  })
  function save(): void {
    wrong.value = result.value ? '' : 'contact.choose'
    if (!wrong.value && reached.value) wrong.value = missingWord(word.value)
    if (!wrong.value && questionable.value && !isWhole(question.value)) wrong.value = 'deskcalls.questionMissing'
    if (!wrong.value && !send.isPending.value) send.mutate()
  }
  return { query, items, current, result, word, question, questionable, wrong, phone, outcome, reached, next, show, send, save }
}
