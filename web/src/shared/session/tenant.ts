import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { api, unwrap } from '@/api/client'
import type { Code, Tenant } from '@/api/shapes'
import { inWords } from '@/shared/i18n/i18n'
import { wearBrand } from '@/shared/theme/brand'
import { setCityClock } from '@/shared/time/cityClock'

import { keepLast, readLast } from './lastSeen'

let clockSet = false

/** The city as it was told last, its clock moved on by as much time as has passed. */
function lastTenant(): { at: number; value: Tenant } | null {
  const kept = readLast<Tenant>('tenant')
  if (!kept) return null
  if (!clockSet) setCityClock({ ...kept.value, now: new Date(Date.parse(kept.value.now) + (kept.value.frozen ? 0 : Date.now() - kept.at)).toISOString() })
  clockSet = true
  return { ...kept, at: 0 }
}

/** The city: brand, clock, switches and the words of every list. One query for all who ask. */
export function useTenant() {
  const kept = lastTenant()
  const query = useQuery({
    queryKey: ['tenant'],
    queryFn: async (): Promise<Tenant> => {
      const tenant = await unwrap(api.GET('/api/v1/tenant'))
      clockSet = true
      wearBrand(tenant.brand)
      setCityClock(tenant)
      keepLast('tenant', tenant)
      return tenant
    },
    staleTime: 10 * 60_000,
    // What was kept is there at once, and without a network it is all there is; it is asked for anew when it can be.
    ...(kept && { initialData: kept.value, initialDataUpdatedAt: kept.at }),
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
