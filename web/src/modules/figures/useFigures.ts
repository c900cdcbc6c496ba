import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { unwrap } from '@/api/client'
import { figureDoors, type FigureQuery } from '@/api/figures'
import { momentIn } from '@/shared/figures/period'
import { cityZone } from '@/shared/time/cityClock'

import type { Shown } from './period'

/** What the server is asked: only what is set; the moment to look back to is the city's. */
export function askedOf(shown: Shown): FigureQuery {
  const { from, to, area, as_of } = shown
  return { ...(from && { from }), ...(to && { to }), ...(area && { area }), ...(as_of && { as_of: momentIn(cityZone.value, as_of) }) }
}

/** The first figures come first; the tables below wait for them. */
export function useFigures(shown: Ref<Shown>, supervises: () => boolean) {
  const asked = computed(() => askedOf(shown.value))
  const catalogue = useQuery({
    queryKey: ['figures', 'catalogue', computed(() => asked.value.as_of)],
    queryFn: async () => unwrap(figureDoors.GET('/api/v1/indicators/catalogue', { params: { query: asked.value.as_of ? { as_of: asked.value.as_of } : {} } })),
    placeholderData: keepPreviousData,
  })
  const headlines = useQuery({
    queryKey: ['figures', 'first', asked],
    queryFn: async () => unwrap(figureDoors.GET('/api/v1/indicators', { params: { query: asked.value } })),
    enabled: () => !shown.value.as_of,
    placeholderData: keepPreviousData,
  })
  const figures = useQuery({
    queryKey: ['figures', 'all', asked],
    queryFn: async () => unwrap(figureDoors.GET('/api/v1/indicators/figures', { params: { query: asked.value } })),
    placeholderData: keepPreviousData,
  })
  const settled = () => !figures.isPending.value
  const table = useQuery({
    queryKey: ['figures', 'table', asked, computed(() => shown.value.by)],
    queryFn: async () => unwrap(figureDoors.GET('/api/v1/indicators/table', { params: { query: { ...asked.value, by: shown.value.by } } })),
    enabled: settled,
    placeholderData: keepPreviousData,
  })
  const facts = useQuery({
    queryKey: ['figures', 'facts', asked],
    queryFn: async () => unwrap(figureDoors.GET('/api/v1/indicators/facts', { params: { query: asked.value } })),
    enabled: () => settled() && !shown.value.as_of,
    placeholderData: keepPreviousData,
  })
  const unowned = useQuery({
    queryKey: ['figures', 'unowned'],
    queryFn: async () => unwrap(figureDoors.GET('/api/v1/indicators/unowned')),
    enabled: () => settled() && supervises(),
  })
  return { asked, catalogue, headlines, figures, table, facts, unowned }
}
