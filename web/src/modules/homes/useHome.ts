import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'

import { api, unwrap } from '@/api/client'
import { newId } from '@/shared/ids/newId'
import { cityNow } from '@/shared/time/cityClock'

export interface Contact { name: string; phone: string; born: number | null; guardian: string; purpose: string }
export type DwellingKind = 'home' | 'rented' | 'vacant' | 'shop'

/** One home with everything that may be done about it; each write has an id of its own. */
export function useHome(id: string) {
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: ['registers', 'home', id],
    queryFn: () => unwrap(api.GET('/api/v1/registers/homes/{household_id}', { params: { path: { household_id: id } } })),
  })
  const error = ref<unknown>(null)
  const path = { household_id: id }
  const now = () => new Date(cityNow.value).toISOString()

  async function go(what: () => Promise<unknown>): Promise<boolean> {
    error.value = null
    try {
      await what()
      await Promise.all([queries.invalidateQueries({ queryKey: ['registers'] }), queries.invalidateQueries({ queryKey: ['fieldwork'] })])
      return true
    } catch (caught) {
      error.value = caught
      return false
    }
  }
  const correct = (change: { kind?: DwellingKind; people?: number | null; note?: string; words: string }) => go(() =>
    unwrap(api.POST('/api/v1/registers/homes/{household_id}/corrections', { params: { path }, body: { id: newId(), found_at: now(), ...change } as never })))
  const addContact = ({ born, ...given }: Contact) => go(() =>
    unwrap(api.POST('/api/v1/registers/homes/{household_id}/residents', {
      params: { path },
      body: { id: newId(), ...given, ...(born && { born }), is_contact: true, consent: 'given', consent_at: now(), found_at: now() } as never,
    })))
  const addCare = (kind: string, purpose: string) => go(() =>
    unwrap(api.POST('/api/v1/registers/homes/{household_id}/care', { params: { path }, body: { id: newId(), kind, purpose, consent_at: now(), found_at: now() } as never })))
  const endCare = (care: string, words: string) => go(() =>
    unwrap(api.POST('/api/v1/registers/care/{care_id}/end', { params: { path: { care_id: care } }, body: { id: newId(), words, found_at: now() } })))
  const erase = (resident: string, words: string) => go(() =>
    unwrap(api.POST('/api/v1/registers/residents/{resident_id}/erase', { params: { path: { resident_id: resident } }, body: { id: newId(), words } })))
  const settle = (dwelling: string, same: boolean) => go(() =>
    unwrap(api.POST('/api/v1/registers/dwellings/{dwelling_id}/double', { params: { path: { dwelling_id: dwelling } }, body: { id: newId(), same, found_at: now() } })))

  /** In full and for this moment alone: it is put on no shelf. */
  async function reveal(resident: string, why: string): Promise<{ name: string; phone: string } | null> {
    error.value = null
    try {
      return await unwrap(api.POST('/api/v1/registers/residents/{resident_id}/reveal', { params: { path: { resident_id: resident } }, body: { why } }))
    } catch (caught) {
      error.value = caught
      return null
    }
  }
  return { ...query, loadError: query.error, error, correct, addContact, addCare, endCare, erase, settle, reveal }
}
