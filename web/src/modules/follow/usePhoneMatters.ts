import { onScopeDispose, ref } from 'vue'

import { api, unwrap } from '@/api/client'
import type { PhoneMatter } from '@/api/shapes'

const pause = 60

/** Finds a person's matters by a code sent to their phone. */
export function usePhoneMatters() {
  const phone = ref('')
  const code = ref('')
  const wait = ref(0)
  const found = ref<PhoneMatter[] | null>(null)
  const error = ref<unknown>(null)
  const busy = ref(false)
  let ticking: ReturnType<typeof setInterval> | undefined

  async function during(work: () => Promise<void>): Promise<void> {
    busy.value = true
    error.value = null
    try {
      await work()
    } catch (caught) {
      error.value = caught
    } finally {
      busy.value = false
    }
  }

  function countDown(): void {
    wait.value = pause
    clearInterval(ticking)
    ticking = setInterval(() => {
      wait.value -= 1
      if (wait.value <= 0) clearInterval(ticking)
    }, 1000)
  }

  const askCode = () => during(async () => {
    await unwrap(api.POST('/api/v1/public/phone-codes', { body: { phone: phone.value.replace(/\D/g, '') } }))
    countDown()
  })
  const look = () => during(async () => {
    const body = { phone: phone.value.replace(/\D/g, ''), code: code.value.trim() }
    found.value = await unwrap(api.POST('/api/v1/public/phone-matters', { body }))
  })

  onScopeDispose(() => clearInterval(ticking))
  return { phone, code, wait, found, error, busy, askCode, look }
}
