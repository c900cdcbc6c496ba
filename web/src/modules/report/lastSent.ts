import { shallowRef } from 'vue'

import type { Help, PublicReceipt } from '@/api/shapes'

/** What the page after sending shows: the receipt, and the numbers to call if the words told of danger. */
export const lastSent = shallowRef<{ receipt: PublicReceipt; help: readonly Help[] } | null>(null)
