import { useQuery } from '@tanstack/vue-query'
import { computed, ref } from 'vue'

import { api, unwrap } from '@/api/client'
import { inWords } from '@/shared/i18n/i18n'
import { cardPart } from '@/shared/place/gridCard'
import { keepLast, readLast } from '@/shared/session/lastSeen'
import { heldCases, useHeld } from '@/shared/sync/useHeld'

const GRIDS = new Set(['grid', 'micro_grid'])
/** Above a township there are too many grids for one matrix. */
const WIDE = new Set(['city', 'county'])

/** A piece of ground with its month, its people, and who looks after what on it. */
export function useArea(id: () => string, { kept }: { kept: boolean }) {
  const path = () => ({ params: { path: { area_id: id() } } })
  const { asOf, first } = useHeld()
  /** What a phone has seen of this ground it shows again without a line. */
  const held = <T>(part: string, ask: () => Promise<T>): Promise<T> => {
    const name = cardPart(id(), part)
    if (!kept) return ask()
    return first(async () => {
      const answer = await ask()
      keepLast(name, answer)
      return answer
    }, async () => readLast<T>(name)?.value ?? null)
  }
  const area = useQuery({ queryKey: computed(() => ['area', id()]), queryFn: () => held('area', () => unwrap(api.GET('/api/v1/areas/{area_id}', path()))) })
  const level = computed(() => area.data.value?.level ?? '')
  const month = useQuery({ queryKey: computed(() => ['area', id(), 'month']), queryFn: () => held('month', () => unwrap(api.GET('/api/v1/areas/{area_id}/month', path()))) })
  const code = computed(() => area.data.value?.code ?? '')
  const serve = useQuery({
    queryKey: computed(() => ['serve', code.value]),
    queryFn: () => held('serve', () => unwrap(api.GET('/api/v1/public/serve/{area_code}', { params: { path: { area_code: code.value } } }))),
    enabled: computed(() => !!code.value),
  })
  const whose = useQuery({
    queryKey: computed(() => ['area', id(), 'responsible']),
    queryFn: () => held('whose', () => unwrap(api.GET('/api/v1/areas/{area_id}/responsible', path()))),
    enabled: computed(() => GRIDS.has(level.value)),
  })
  const gaps = useQuery({
    queryKey: computed(() => ['area', id(), 'gaps']),
    queryFn: () => unwrap(api.GET('/api/v1/areas/{area_id}/responsible/gaps', path())),
    enabled: computed(() => !!level.value && !GRIDS.has(level.value) && !WIDE.has(level.value)),
  })
  const companies = useQuery({
    queryKey: computed(() => ['area', id(), 'property']),
    queryFn: () => held('companies', () => unwrap(api.GET('/api/v1/areas/{area_id}/property', path()))),
    enabled: computed(() => GRIDS.has(level.value)),
  })
  const places = useQuery({
    queryKey: computed(() => ['area', id(), 'places']),
    queryFn: () => held('places', () => unwrap(api.GET('/api/v1/areas/{area_id}/places', path()))),
    enabled: computed(() => GRIDS.has(level.value)),
  })
  /** The open cases that this phone holds of the grid; nothing is asked for them. */
  const open = useQuery({
    queryKey: computed(() => ['cases', 'held', id()]), enabled: kept, networkMode: 'always',
    queryFn: async () => (await heldCases()).filter((card) => card.place.area_id === id()),
  })
  const typed = ref('')
  const cells = computed(() => {
    const q = typed.value.trim()
    const all = whose.data.value?.items ?? []
    return q ? all.filter((one) => [inWords(one.type_name), one.unit ?? '', one.person?.name ?? ''].some((word) => word.includes(q))) : all
  })
  return { asOf, places, open, area, month, serve, whose, gaps, companies, typed, cells, isGrid: computed(() => GRIDS.has(level.value)), isWide: computed(() => WIDE.has(level.value)) }
}
