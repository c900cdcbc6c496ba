import { useQuery, useQueryClient } from '@tanstack/vue-query'

import { unwrap } from '@/api/client'
import { desk, type DeskCase } from '@/api/desk'

const path = (id: string) => ({ params: { path: { id } } })

/** One whole case. The live line makes it old when somebody else moves it. */
export function useCase(id: string) {
  const queries = useQueryClient()
  const query = useQuery({ queryKey: ['case', id], queryFn: async () => unwrap(desk.GET('/api/v1/cases/{id}', path(id))) })

  /** Takes the server's answer to a change; lists and counts are asked for again. */
  function take(answer: DeskCase): void {
    queries.setQueryData(['case', id], answer)
    void queries.invalidateQueries({ queryKey: ['cases'] })
    void queries.invalidateQueries({ queryKey: ['queues'] })
    void queries.invalidateQueries({ queryKey: ['deadline', id] })
  }

  /** The case as it is now, past every cache. */
  async function fresh(): Promise<DeskCase> {
    const answer = await unwrap(desk.GET('/api/v1/cases/{id}', path(id)))
    queries.setQueryData(['case', id], answer)
    return answer
  }
  return { ...query, take, fresh }
}
