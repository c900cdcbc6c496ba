import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref } from 'vue'

import { api, unwrap } from '@/api/client'
import type { FieldTask } from '@/api/shapes'
import { keepLast, readLast } from '@/shared/session/lastSeen'

import { sendOrKeep } from './keep'

/** What visits left to do on one's ground; the list stays on the phone, what is ended goes from it at once. */
export function useFieldTasks(enabled: () => boolean) {
  const queries = useQueryClient()
  const kept = readLast<FieldTask[]>('field-tasks')
  const gone = ref<string[]>([])
  const error = ref<unknown>(null)
  const { data } = useQuery({
    queryKey: ['fieldwork', 'tasks'],
    queryFn: async () => {
      const tasks = await unwrap(api.GET('/api/v1/fieldwork/tasks'))
      keepLast('field-tasks', tasks)
      return tasks
    },
    enabled: computed(enabled),
    refetchOnMount: 'always',
    ...(kept && { initialData: kept.value, initialDataUpdatedAt: kept.at }),
  })
  const tasks = computed(() => (data.value ?? []).filter((one) => !gone.value.includes(one.id)))

  async function end(task: FieldTask, state: 'done' | 'dropped', words = ''): Promise<void> {
    error.value = null
    try {
      await sendOrKeep({ kind: 'task.end', record: task.id, payload: { state, words }, label: task.words.slice(0, 80) })
      gone.value = [...gone.value, task.id]
      void queries.invalidateQueries({ queryKey: ['fieldwork'] })
    } catch (caught) {
      error.value = caught
    }
  }
  return { tasks, end, error }
}
