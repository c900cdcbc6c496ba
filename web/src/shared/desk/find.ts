import { unwrap } from '@/api/client'
import { desk } from '@/api/desk'

import { inWords } from '@/shared/i18n/i18n'

import type { Option } from './options'

/** Areas by name or code, each with the path it lies in. */
export async function findAreas(words: string): Promise<Option[]> {
  const { items } = await unwrap(desk.GET('/api/v1/areas', { params: { query: words ? { q: words, limit: 40 } : { level: 'township', limit: 100 } } }))
  return items.map((area) => ({ value: area.id, label: area.name, hint: area.names.slice(0, -1).slice(-2).join(' › ') }))
}

/** Organisations by name, on the branch of an area when one is given. */
export async function findUnits(words: string, area?: string): Promise<Option[]> {
  const query = { ...(words && { q: words }), ...(area && { area }) }
  const { items } = await unwrap(desk.GET('/api/v1/organisations', { params: { query } }))
  return items.filter((unit) => unit.kind !== 'party').slice(0, 60)
    .map((unit) => ({ value: unit.id, label: unit.name, hint: unit.area?.name ?? '' }))
}

/** Desks by name, to which a matter may be transferred. */
export async function findDesks(words: string): Promise<Option[]> {
  const { items } = await unwrap(desk.GET('/api/v1/organisations', { params: { query: { kind: 'desk', ...(words && { q: words }) } } }))
  return items.slice(0, 60).map((unit) => ({ value: unit.id, label: unit.name, hint: unit.area?.name ?? '' }))
}

export async function findStaff(words: string): Promise<Option[]> {
  const { items } = await unwrap(desk.GET('/api/v1/people', { params: { query: { ...(words && { q: words }), limit: 40 } } }))
  return items.map((one) => {
    const post = one.posts[0]
    return { value: one.id, label: one.name, hint: post ? `${inWords(post.role_name)} ${post.unit?.name ?? post.area?.name ?? ''}` : '' }
  })
}
