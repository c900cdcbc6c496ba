import { onScopeDispose, ref } from 'vue'

import { api, unwrap } from '@/api/client'

const pause = 60

/** A number and the code that was sent to it, with the time until another may be asked for. */
export function usePhoneCode() {
  const phone = ref('')
  const code = ref('')
  const wait = ref(0)
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

  onScopeDispose(() => clearInterval(ticking))
  return { phone, code, wait, error, busy, during, askCode }
}
