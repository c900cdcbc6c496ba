import { onScopeDispose, ref } from 'vue'

import { api, unwrap } from '@/api/client'
import { useWork } from '@/shared/ui/useWork'

const pause = 60

/** A number and the code that was sent to it, with the time until another may be asked for. */
export function usePhoneCode() {
  const phone = ref('')
  const code = ref('')
  const wait = ref(0)
  const { busy, error, during } = useWork()
  let ticking: ReturnType<typeof setInterval> | undefined

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
