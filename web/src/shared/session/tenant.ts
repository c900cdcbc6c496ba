import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { api, unwrap } from '@/api/client'
import type { Code, Tenant } from '@/api/shapes'
import { inWords } from '@/shared/i18n/i18n'
import { wearBrand } from '@/shared/theme/brand'
import { setCityClock } from '@/shared/time/cityClock'

/** The city: brand, clock, switches and the words of every list. One query for all who ask. */
export function useTenant() {
  const query = useQuery({
    queryKey: ['tenant'],
    queryFn: async (): Promise<Tenant> => {
      const tenant = await unwrap(api.GET('/api/v1/tenant'))
      wearBrand(tenant.brand)
      setCityClock(tenant)
      return tenant
    },
    staleTime: 10 * 60_000,
  })
  const tenant = computed(() => query.data.value ?? null)

  /** The words of a code in one of the city's lists; the bare code when the city has none. */
  function nameOf(list: readonly Code[] | undefined, code: string | null | undefined, otherwise = code): string {
    if (!code) return ''
    return inWords(list?.find((item) => item.code === code)) || (otherwise ?? '')
  }
  const stateName = (code: string) => nameOf(tenant.value?.states, code)
  const actionName = (code: string) => nameOf(tenant.value?.actions, code)
  const listName = (list: string, code: string | null, otherwise?: string) => nameOf(tenant.value?.lists[list], code, otherwise)
  const typeName = (code: string | null) => nameOf(tenant.value?.types, code)
  return { ...query, tenant, stateName, actionName, listName, typeName }
}
