import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { unwrap } from '@/api/client'
import { desk, type NewAccount, type NewPost } from '@/api/desk'

/** The roles of the city, by code. */
export function useRoles() {
  const { data } = useQuery({ queryKey: ['roles'], queryFn: async () => unwrap(desk.GET('/api/v1/roles')), staleTime: Infinity })
  return computed(() => new Map((data.value?.items ?? []).map((one) => [one.code, one])))
}

/** What administrators do to accounts; every change renews the list. */
export function useAccounts() {
  const queries = useQueryClient()
  // A list still on its first way was asked for before the change: what it brings is not to stay.
  const onSuccess = async () => {
    await queries.cancelQueries({ queryKey: ['people'] })
    await queries.invalidateQueries({ queryKey: ['people'] })
  }
  const on = (id: string) => ({ params: { path: { id } } })
  return {
    create: useMutation({ mutationFn: (body: NewAccount) => unwrap(desk.POST('/api/v1/people', { body })), onSuccess }),
    appoint: useMutation({ mutationFn: ({ id, post }: { id: string; post: NewPost }) => unwrap(desk.POST('/api/v1/people/{id}/posts', { ...on(id), body: post })), onSuccess }),
    end: useMutation({ mutationFn: (id: string) => unwrap(desk.POST('/api/v1/posts/{id}/end', { ...on(id), body: {} })), onSuccess }),
    lock: useMutation({
      mutationFn: ({ id, locked, reason }: { id: string; locked: boolean; reason: string }) => unwrap(desk.POST('/api/v1/people/{id}/lock', { ...on(id), body: { locked, reason } })),
      onSuccess,
    }),
    resetStep: useMutation({
      mutationFn: ({ id, reason, identity_check }: { id: string; reason: string; identity_check: string }) => unwrap(desk.POST('/api/v1/people/{id}/second-step/reset', { ...on(id), body: { reason, identity_check } })),
      onSuccess,
    }),
    renew: useMutation({ mutationFn: ({ id, reason }: { id: string; reason: string }) => unwrap(desk.POST('/api/v1/people/{id}/code', { ...on(id), body: { reason } })), onSuccess }),
  }
}

/** Every post that an account held, holds and will hold. */
export function usePosts(id: string, enabled: boolean) {
  return useQuery({ queryKey: ['people', 'posts', id], queryFn: () => unwrap(desk.GET('/api/v1/people/{id}/posts', { params: { path: { id } } })), enabled })
}
