import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import { newId } from '@/shared/ids/newId'
import { say } from '@/shared/sync/outbox'
import { cityNow } from '@/shared/time/cityClock'

export interface Contact { name: string; phone: string; born: number | null; guardian: string; purpose: string }
export type DwellingKind = 'home' | 'rented' | 'vacant' | 'shop'
interface Facts { kind: DwellingKind; people: number | null; note: string }
interface Correction extends Partial<Facts> { words: string }

/** What became of a change: it waits on the phone, or others wrote another value there meanwhile. */
export type Became = '' | 'kept' | 'conflict'

/** The fields that somebody changed of what he saw. */
export function changed(seen: Facts, { kind, people, note }: Partial<Facts>): Partial<Facts> {
  return {
    ...(kind !== undefined && kind !== seen.kind && { kind }),
    ...(people !== undefined && people !== seen.people && { people }),
    ...(note !== undefined && note !== seen.note && { note }),
  }
}

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
  const became = ref<Became>('')
  /** What waits on the phone of this home: the next change is made of it, not of what stood before. */
  let waits: Partial<Facts> = {}
  watch(query.data, () => { waits = {} })

  /** What was changed lies on the phone first; that nothing had to be is said to the server at once. */
  const correct = ({ words, ...given }: Correction) => go(async () => {
    const seen = query.data.value && { ...query.data.value, ...waits }
    const fields = seen ? changed(seen, given) : {}
    became.value = ''
    if (!seen || !Object.keys(fields).length) {
      await unwrap(api.POST('/api/v1/registers/homes/{household_id}/corrections', { params: { path }, body: { id: newId(), found_at: now(), ...given, words } as never }))
      return
    }
    const base = Object.fromEntries(Object.keys(fields).map((field) => [field, seen[field as keyof Facts]]))
    const [outcome] = await say({
      kind: 'home.correct', record: id, label: seen.building + seen.unit + seen.room, payload: { fields, note: words },
      based_on: { fields: base }, found_at: new Date().toISOString(),
    })
    if (outcome?.how === 'refused') throw outcome.refusal
    if (outcome?.how === 'kept') {
      became.value = 'kept'
      waits = { ...waits, ...fields }
    }
    if (outcome?.how === 'sent' && outcome.receipt.state === 'conflict') became.value = 'conflict'
  })
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
  return { ...query, loadError: query.error, error, became, correct, addContact, addCare, endCare, erase, settle, reveal }
}
