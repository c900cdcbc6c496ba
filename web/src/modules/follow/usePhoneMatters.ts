import { ref } from 'vue'

import { api, unwrap } from '@/api/client'
import type { PhoneMatter } from '@/api/shapes'
import { usePhoneCode } from '@/shared/resident/usePhoneCode'

/** Finds a person's matters by a code sent to their phone. */
export function usePhoneMatters() {
  const known = usePhoneCode()
  const found = ref<PhoneMatter[] | null>(null)
  const look = () => known.during(async () => {
    const body = { phone: known.phone.value.replace(/\D/g, ''), code: known.code.value.trim() }
    found.value = await unwrap(api.POST('/api/v1/public/phone-matters', { body }))
  })
  return { ...known, found, look }
}
