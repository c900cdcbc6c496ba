import { type Component, defineAsyncComponent } from 'vue'

import BoxFailed from './BoxFailed.vue'
import BoxWaiting from './BoxWaiting.vue'

const tries = 3

/** A part of a page whose code comes when it is shown: quiet until then, asked for again on a bad line. */
export function lazyBox<T extends Component>(loader: () => Promise<T>): T {
  return defineAsyncComponent({
    loader,
    delay: 250,
    loadingComponent: BoxWaiting,
    errorComponent: BoxFailed,
    onError(_error, retry, fail, attempts) {
      if (attempts < tries) setTimeout(retry, 600 * attempts)
      else fail()
    },
  }) as unknown as T
}
