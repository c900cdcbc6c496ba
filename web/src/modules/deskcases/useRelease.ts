import { useMutation, useQueryClient } from '@tanstack/vue-query'

import { unwrap } from '@/api/client'
import { desk } from '@/api/desk'

/** Whether the public may see a file. */
export function useRelease() {
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: async ({ id, released }: { id: string; released: boolean }) =>
      unwrap(desk.PATCH('/api/v1/files/{id}', { params: { path: { id } }, body: { released } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['case'] }),
  })
  const release = (id: string, released: boolean) => change.mutate({ id, released })
  return { release, busy: change.isPending, error: change.error }
}
