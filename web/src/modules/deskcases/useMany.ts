import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed, reactive, ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import type { DeskCard } from '@/api/desk'
import type { components } from '@/api/schema'
import { newId } from '@/shared/ids/newId'

type Wire = components['schemas']
export type ManyAction = Wire['TogetherBody']['action']
export type ManyRow = Wire['TogetherRow']
type May = (permission: string) => boolean

/** The permission of each step that may be taken on many, in the order of a day's work. */
const steps: [ManyAction, string][] = [
  ['accept', 'case.accept'], ['register', 'case.register'], ['dispatch', 'case.dispatch'], ['acknowledge', 'case.handle'],
  ['send_check', 'case.close'], ['close', 'case.close'], ['urge', 'case.supervise'], ['remark', 'case.read'],
]
/** What a case is waiting for, where many may get it at once. */
const next: Record<string, ManyAction> = {
  reported: 'accept', accepted: 'register', registered: 'dispatch', reopened: 'dispatch', dispatched: 'acknowledge', handled: 'send_check', checked: 'close',
}

/** The steps of this person's posts; the one that most of the chosen wait for stands first. */
export function stepsFor(may: May, cards: readonly Pick<DeskCard, 'state'>[]): ManyAction[] {
  const waiting = (action: ManyAction) => cards.filter((card) => next[card.state] === action).length
  return steps.filter(([, permission]) => may(permission)).map(([action]) => action).sort((one, other) => waiting(other) - waiting(one))
}

/** A step on many: seen first, then taken on those that allow it. */
export function useMany(cards: () => readonly DeskCard[], may: May) {
  const queries = useQueryClient()
  const offered = computed(() => stepsFor(may, cards()))
  const form = reactive({ action: offered.value[0] ?? 'remark' as ManyAction, note: '', answer: '', unit_id: null as string | null, type: null as string | null })
  const shown = ref<ManyRow[] | null>(null)
  const done = ref<ManyRow[] | null>(null)
  let ids = new Map<string, string>()
  const body = (rows: readonly { id: string; version: number }[]): Wire['TogetherBody'] => ({
    action: form.action, note: form.note.trim(), answer: form.answer.trim(), unit_id: form.unit_id, type: form.type,
    rows: rows.map(({ id, version }) => ({ case_id: id, id: ids.get(id) ?? newId(), version })),
  })
  const willMove = computed(() => (shown.value ?? []).filter((row) => !row.refused))
  // What was shown holds for what was asked then.
  watch(form, () => { shown.value = null })

  const preview = useMutation({
    mutationFn: () => {
      ids = new Map(cards().map((card) => [card.id, newId()]))
      return unwrap(api.POST('/api/v1/cases/together/preview', { body: body(cards()) }))
    },
    onSuccess: ({ rows }) => { shown.value = rows },
  })
  const take = useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/cases/together', { body: body(willMove.value.map((row) => row.before!)) })),
    onSuccess: ({ rows }) => {
      done.value = rows
      for (const queryKey of [['cases'], ['queues'], ['case']]) void queries.invalidateQueries({ queryKey })
    },
  })
  return { offered, form, shown, done, willMove, preview, take }
}
