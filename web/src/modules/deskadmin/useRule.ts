import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, reactive, ref, watch } from 'vue'

import { unwrap } from '@/api/client'
import { desk, type ImportResult, type RuleDocument, type RuleEffect, type RuleProblem, type VersionChange } from '@/api/desk'
import { Refusal } from '@/api/refusal'
import { useWork } from '@/shared/ui/useWork'

const at = (name: string) => ({ params: { path: { name } } })
/** The documents on which the clocks of open cases rest. */
const clocks = ['calendar', 'types']
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** Text of a document, or where it cannot be read. */
export function bodyFrom(text: string): { body: Record<string, unknown> } | { fault: string } {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return { fault: '' }
    return { body: body as Record<string, unknown> }
  } catch (caught) {
    return { fault: caught instanceof Error ? caught.message : '' }
  }
}

/** The problems that a refusal carries, if it carries any. */
export function problemsOf(error: unknown): RuleProblem[] {
  const found = error instanceof Refusal ? error.details.problems : undefined
  return Array.isArray(found) ? (found as RuleProblem[]) : []
}

/** One rule document: changed on the screen, looked through, then written as a new version. */
export function useRule(name: string) {
  const queries = useQueryClient()
  const query = useQuery({ queryKey: ['rule', name], queryFn: async () => unwrap(desk.GET('/api/v1/rules/{name}', at(name))), staleTime: Infinity })
  const draft = reactive<{ body: Record<string, unknown>; text: string }>({ body: {}, text: '' })
  const note = ref('')
  const looked = ref<ImportResult | null>(null)
  const words = ref<VersionChange[] | null>(null)
  const effect = ref<RuleEffect | null>(null)
  const moveOpen = ref(false)
  const { busy, error, during } = useWork()
  const saved = ref(false)

  /** What the draft began as: a newer version that arrives meanwhile takes nothing typed away, and saving over it is refused. */
  let begun: { text: string; version: number } | null = null

  function take(found: RuleDocument): void {
    draft.body = copy(found.body)
    draft.text = JSON.stringify(found.body, null, 2)
    begun = { text: draft.text, version: found.version }
    looked.value = null
    effect.value = null
    moveOpen.value = false
    error.value = null
  }
  const touched = () => begun !== null && (draft.text !== begun.text || JSON.stringify(draft.body, null, 2) !== begun.text)
  watch(query.data, (found) => { if (found && !touched()) take(found) }, { immediate: true })
  const drop = () => { if (query.data.value) take(query.data.value) }

  const read = computed(() => bodyFrom(draft.text))
  const fault = computed(() => ('fault' in read.value ? read.value.fault : null))

  async function working(work: () => Promise<void>): Promise<void> {
    saved.value = false
    await during(work)
  }

  /** What a body would change and what is wrong with it; nothing is written. */
  const look = (body: Record<string, unknown>) => working(async () => {
    effect.value = null
    moveOpen.value = false
    const found = await unwrap(desk.POST('/api/v1/rules/{name}/preview', { ...at(name), body: { body } }))
    const changed = found.documents[0]?.state === 'changed'
    words.value = changed ? (await unwrap(desk.POST('/api/v1/rules/{name}/difference', { ...at(name), body: { body } }))).changes : null
    if (clocks.includes(name) && changed) {
      effect.value = await unwrap(desk.POST('/api/v1/rules/{name}/effect', { ...at(name), body: { body } }))
    }
    looked.value = found
  })
  const save = (body: Record<string, unknown>) => working(async () => {
    const found = await unwrap(desk.PUT('/api/v1/rules/{name}', { ...at(name), body: { body, note: note.value.trim(), version: begun!.version, move_open: moveOpen.value } }))
    take(found)
    queries.setQueryData(['rule', name], found)
    note.value = ''
    saved.value = true
    for (const key of ['rules', 'rule-history', 'tenant']) void queries.invalidateQueries({ queryKey: [key] })
  })
  return { ...query, draft, note, looked, words, effect, moveOpen, error, busy, saved, read, fault, drop, look, save }
}
