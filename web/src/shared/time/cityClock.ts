import { computed, ref } from 'vue'

/** The city's clock runs beside the phone's, which may be wrong; a demonstration may stop it or set it ahead. */
const ahead = ref(0)
const stoppedAt = ref<number | null>(null)
const zone = ref('Asia/Shanghai')
const beat = ref(Date.now())

setInterval(() => { beat.value = Date.now() }, 20_000)

export function setCityClock(city: { now: string; zone: string; frozen: boolean }): void {
  const now = Date.parse(city.now)
  zone.value = city.zone
  beat.value = Date.now()
  ahead.value = now - beat.value
  stoppedAt.value = city.frozen ? now : null
}

export const cityNow = computed(() => stoppedAt.value ?? beat.value + ahead.value)
export const cityZone = computed(() => zone.value)
