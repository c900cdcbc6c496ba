import { ref } from 'vue'

import { Refusal } from '@/api/refusal'
import type { Me } from '@/api/shapes'
import { afterSignIn } from '@/shared/session/landing'
import { forgetLast } from '@/shared/session/lastSeen'
import { useSession } from '@/shared/session/session'

/** Signs in by whatever way is given, then leads the person to their work. */
export function useEnter() {
  const session = useSession()
  const busy = ref(false)
  const error = ref<unknown>(null)
  /** The password was right, and a code from the person's phone is asked besides. */
  const asked = ref(false)

  function go(me: Me): void {
    const back = new URLSearchParams(location.search).get('back')
    location.assign(afterSignIn(me, back, window.innerWidth >= 900))
  }

  async function enter(signIn: () => Promise<Me>): Promise<void> {
    busy.value = true
    error.value = null
    try {
      const me = await signIn()
      forgetLast()
      go(session.take(me))
    } catch (caught) {
      const second = caught instanceof Refusal && caught.code === 'second_step_needed'
      error.value = second ? null : caught
      if (second) asked.value = true
      busy.value = false
    }
  }
  return { busy, error, asked, enter, go }
}
