import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import type { RoundHome, WholeHome } from '@/api/shapes'
import { newId } from '@/shared/ids/newId'
import type { Typed } from '@/shared/sync/operations'
import { say, waiting } from '@/shared/sync/outbox'
import { rows } from '@/shared/sync/pull'
import { useHeld } from '@/shared/sync/useHeld'
import { cityNow } from '@/shared/time/cityClock'

type Resident = WholeHome['residents'][number]
type Care = WholeHome['care_entries'][number]
/** What somebody types anew of a person's entry; a name or a number that is left empty stays as it is. */
export type ResidentEdit = Partial<Pick<Resident, 'born' | 'guardian' | 'purpose'>> & { name?: string; phone?: string }
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

/** The fields of an entry that differ from what was seen, and what was seen of them: of names and numbers the masks. */
export function edited(seen: Resident, typed: ResidentEdit): { fields: Record<string, unknown>; base: Record<string, unknown> } {
  const fields: Record<string, unknown> = {}
  const base: Record<string, unknown> = {}
  for (const [field, mask] of [['name', seen.name_mask], ['phone', seen.phone_mask]] as const) {
    const said = typed[field]?.trim()
    if (said) [fields[field], base[field]] = [said, mask]
  }
  for (const field of ['born', 'guardian', 'purpose'] as const) {
    if (typed[field] !== undefined && typed[field] !== seen[field]) [fields[field], base[field]] = [typed[field], seen[field]]
  }
  return { fields, base }
}

/** What the phone holds of a home, as the whole of it looks without a line: its people's masks, none of its history. */
function fromHeld(row: RoundHome): WholeHome {
  const { contact_id, name_mask, phone_mask } = row as RoundHome & { contact_id: string | null; name_mask: string | null; phone_mask: string | null }
  const contact = contact_id ? [{ id: contact_id, name_mask: name_mask ?? '', phone_mask: phone_mask ?? '', guardian: '', born: null, purpose: '' }] : []
  return { ...row, residents: contact, care_entries: [], changes: [], may_edit: true, may_contact: false } as unknown as WholeHome
}

/** One home with everything that may be done about it; each write has an id of its own. */
export function useHome(id: string) {
  const queries = useQueryClient()
  const { asOf, first } = useHeld()
  const query = useQuery({
    queryKey: ['registers', 'home', id],
    queryFn: () => first(
      () => unwrap(api.GET('/api/v1/registers/homes/{household_id}', { params: { path: { household_id: id } } })),
      async () => {
        const held = (await rows<RoundHome>('home')).find((row) => row.id === id)
        return held ? fromHeld(held.data) : null
      },
    ),
  })
  /** What waits on this phone of the home, of its people and of its care list. */
  const pending = computed(() => waiting.value.filter(({ operation: { record, payload } }) => record === id || payload.household_id === id
    || payload.of_home === id))
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
  // What the phone holds is older than what waits on it.
  watch(query.data, () => { if (!asOf.value) waits = {} })

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
    await told({
      kind: 'home.correct', record: id, label: seen.building + seen.unit + seen.room, payload: { fields, note: words },
      based_on: { fields: base }, found_at: new Date().toISOString(),
    })
    if ((became.value as Became) === 'kept') waits = { ...waits, ...fields }
  })
  const place = () => { const home = query.data.value; return home ? home.building + home.unit + home.room : '' }

  /** Lies on the phone first; says whether it went, waits, or met another value. Throws what was refused. */
  async function told(typed: Typed): Promise<void> {
    became.value = ''
    const [outcome] = await say({ found_at: new Date().toISOString(), ...typed })
    if (outcome?.how === 'refused') throw outcome.refusal
    if (outcome?.how === 'kept') became.value = 'kept'
    if (outcome?.how === 'sent' && outcome.receipt.state === 'conflict') became.value = 'conflict'
  }
  /** What one typed oneself and has not sent was seen by nobody else: it is no base to compare with. */
  function seenByAll(record: string, base: Record<string, unknown>): Record<string, unknown> {
    const own = new Set(waiting.value.filter(({ operation }) => operation.record === record).flatMap(({ operation }) => Object.keys((operation.payload.fields as object | undefined) ?? {})))
    return Object.fromEntries(Object.entries(base).filter(([field]) => !own.has(field)))
  }
  const write = (kind: string, record: string, payload: Record<string, unknown>, base?: Record<string, unknown>) => go(() =>
    told({ kind, record, label: place(), payload: { ...payload, of_home: id }, ...(base && { based_on: { fields: base } }) }))

  const addContact = ({ born, ...given }: Contact) => go(() => told({
    kind: 'resident.add', record: newId(), label: place(),
    payload: { ...given, ...(born && { born }), is_contact: true, consent: 'given', consent_at: now(), household_id: id },
  }))
  const editContact = async (seen: Resident, typed: ResidentEdit) => {
    const { fields, base } = edited(seen, typed)
    return Object.keys(fields).length ? write('resident.correct', seen.id, { fields }, seenByAll(seen.id, base)) : true
  }
  const addCare = (kind: string, purpose: string) => go(() =>
    told({ kind: 'care.add', record: newId(), label: place(), payload: { kind, purpose, consent_at: now(), household_id: id } }))
  const editCare = (seen: Care, purpose: string) => (purpose === seen.purpose ? Promise.resolve(true) : write('care.correct', seen.id, { fields: { purpose } }, seenByAll(seen.id, { purpose: seen.purpose })))
  const endCare = (care: string, words: string) => write('care.end', care, { words })
  const erase = (resident: string, words: string) => write('resident.erase', resident, { words })
  const settle = (dwelling: string, same: boolean) => write('home.double', dwelling, { same })

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
  return { ...query, loadError: query.error, error, became, pending, asOf, correct, addContact, editContact, addCare, editCare, endCare, erase, settle, reveal }
}
