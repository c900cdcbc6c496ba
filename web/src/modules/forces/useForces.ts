import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { api, unwrap } from '@/api/client'
import type { components } from '@/api/schema'

export type Team = components['schemas']['TeamView']
export type Party = components['schemas']['PartyView']
export type Seat = components['schemas']['SeatIn']
/** The ground and the day that every list is asked for. */
export interface Asked { area?: string; on?: string }

export function useParty(id: Ref<string | null>, on: Ref<string>) {
  const query = computed(() => (on.value ? { on: on.value } : {}))
  const tops = useQuery({ queryKey: ['forces', 'party', query], queryFn: () => unwrap(api.GET('/api/v1/party', { params: { query: query.value } })), enabled: () => !id.value, placeholderData: keepPreviousData })
  const one = useQuery({ queryKey: ['forces', 'party', id, query], queryFn: () => unwrap(api.GET('/api/v1/party/{organisation_id}', { params: { path: { organisation_id: id.value ?? '' }, query: query.value } })), enabled: () => Boolean(id.value), placeholderData: keepPreviousData })
  return { tops, one }
}

export function useTeams(asked: Ref<Asked>, words: Ref<string>) {
  const query = useInfiniteQuery({
    queryKey: ['forces', 'teams', asked, words],
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/teams', { params: { query: { ...asked.value, ...(words.value && { q: words.value }), ...(pageParam && { cursor: pageParam }) } } })),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined, placeholderData: keepPreviousData,
  })
  return { ...query, items: computed(() => query.data.value?.pages.flatMap((page) => page.items) ?? []) }
}

export function useMembers(asked: Ref<Asked>, kind: Ref<string>) {
  const query = useInfiniteQuery({
    queryKey: ['forces', 'members', asked, kind],
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/teams/members', { params: { query: { ...asked.value, ...(kind.value && { kind: kind.value }), ...(pageParam && { cursor: pageParam }) } } })),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined, placeholderData: keepPreviousData,
  })
  return { ...query, items: computed(() => query.data.value?.pages.flatMap((page) => page.items) ?? []), kinds: computed(() => query.data.value?.pages[0]?.kinds ?? []) }
}

/** One team, and who comes into it or leaves it. */
export function useTeam(id: string) {
  const queries = useQueryClient()
  const path = { team_id: id }
  const query = useQuery({ queryKey: ['forces', 'team', id], queryFn: () => unwrap(api.GET('/api/v1/teams/{team_id}', { params: { path } })) })
  const told = () => queries.invalidateQueries({ queryKey: ['forces'] })
  const seat = useMutation({ mutationFn: (body: Seat) => unwrap(api.POST('/api/v1/teams/{team_id}/members', { params: { path }, body })), onSuccess: told })
  const end = useMutation({ mutationFn: async (member: string) => { await unwrap(api.POST('/api/v1/teams/members/{member_id}/end', { params: { path: { member_id: member } }, body: {} })) }, onSuccess: told })
  return { ...query, seat, end }
}

export function useTeamRules() {
  return useQuery({ queryKey: ['rules', 'teams', 'slots'], staleTime: 60_000, queryFn: () => unwrap(api.GET('/api/v1/teams/composition')) })
}

interface Station { id: string; name: string; phone: string; area: { level: string; names: string[] } | null }

export function useStations(asked: Ref<Asked>) {
  const query = useQuery({
    queryKey: ['forces', 'stations', asked],
    queryFn: async () => (await unwrap(api.GET('/api/v1/organisations', { params: { query: { kind: 'station', ...(asked.value.area && { area: asked.value.area }) } } })) as { items: Station[] }).items,
    placeholderData: keepPreviousData,
  })
  const levels = computed(() => ['community', 'committee', 'natural_village', 'estate'].map((level) => ({ level, n: query.data.value?.filter((one) => one.area?.level === level).length ?? 0 })).filter((one) => one.n))
  return { ...query, levels }
}
