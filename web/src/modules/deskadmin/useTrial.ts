import { onScopeDispose, ref, shallowRef } from 'vue'

import { unwrap } from '@/api/client'
import { desk, type Trial } from '@/api/desk'
import { newId } from '@/shared/ids/newId'

const doors = {
  start: (name: string, id: string, body: unknown, days: number) => unwrap(desk.POST('/api/v1/rules/{name}/trials', { params: { path: { name } }, body: { id, body, days } })),
  read: (id: string) => unwrap(desk.GET('/api/v1/rule-trials/{id}', { params: { path: { id } } })),
  cancel: (id: string) => unwrap(desk.DELETE('/api/v1/rule-trials/{id}', { params: { path: { id } } })),
}

/** A proposed document over past cases: begun, watched until it is done, or called off. */
export function useTrial(name: string, { doors: through = doors, pause = 600 } = {}) {
  const trial = shallowRef<Trial | null>(null)
  const error = ref<unknown>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  const underWay = () => trial.value?.state === 'waiting' || trial.value?.state === 'running'
  function forget(): void {
    asked += 1
    clearTimeout(timer)
    trial.value = null
    error.value = null
  }
  async function watch(id: string, mine: number): Promise<void> {
    try {
      const now = await through.read(id)
      if (mine !== asked) return
      trial.value = now
      error.value = null
    } catch (caught) {
      if (mine !== asked) return
      error.value = caught
    }
    if (underWay()) timer = setTimeout(() => void watch(id, mine), pause)
  }
  async function start(body: unknown, days: number): Promise<void> {
    forget()
    const mine = asked
    try {
      const begun = await through.start(name, newId(), body, days)
      if (mine !== asked) return
      trial.value = begun
      timer = setTimeout(() => void watch(begun.id, mine), pause)
    } catch (caught) {
      if (mine === asked) error.value = caught
    }
  }
  async function cancel(): Promise<void> {
    const id = trial.value?.id
    forget()
    if (id) await through.cancel(id).catch(() => undefined)
  }
  onScopeDispose(forget)
  return { trial, error, underWay, start, cancel, forget }
}
