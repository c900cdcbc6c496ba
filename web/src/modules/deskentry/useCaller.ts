import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { unwrap } from '@/api/client'
import { desk } from '@/api/desk'

import { digits, isWhole } from './useEntry'

/** Earlier matters of the number that calls, asked as soon as the number is whole. */
export function useCaller(phone: () => string, allowed: () => boolean) {
  const number = computed(() => (isWhole(phone()) ? digits(phone()) : ''))
  const query = useQuery({
    queryKey: ['callers', number],
    queryFn: async () => unwrap(desk.GET('/api/v1/callers', { params: { query: { phone: number.value } } })),
    enabled: () => allowed() && number.value !== '',
    staleTime: 60_000,
  })
  return { ...query, number }
}
