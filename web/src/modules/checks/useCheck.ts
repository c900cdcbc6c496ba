import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { api, unwrap } from '@/api/client'
import type { CaseCard, SpotFinding, SpotFollow, Words } from '@/api/shapes'
import { useDraft } from '@/shared/drafts/useDraft'
import { sendOrKeep } from '@/shared/fieldwork/keep'
import { newId } from '@/shared/ids/newId'
import { useKeptPhotos } from '@/shared/photo/useKeptPhotos'
import { blankPlace, type PlaceForm } from '@/shared/place/usePlace'
import { rows } from '@/shared/sync/pull'
import { heldCase, useHeld } from '@/shared/sync/useHeld'
import { useWork } from '@/shared/ui/useWork'

export interface CheckForm { id: string; followId: string; finding: SpotFinding | null; words: string; follow: SpotFollow; place: PlaceForm }
export type Missing = Partial<Record<'finding' | 'words' | 'place', string>>
export type Saved = { how: 'kept'; follow: SpotFollow } | { how: 'sent'; follow: SpotFollow; number: string; why: Words | null; photos: string[] }

const blank = (): CheckForm => ({ id: newId(), followId: newId(), finding: null, words: '', follow: 'none', place: blankPlace() })
const ended = ['declined', 'closed', 'evaluated', 'withdrawn', 'merged', 'split']

/** What may follow: of a case by where it stands, of a place only a case of its own. */
export function follows(state: string | null, finding: SpotFinding | null): SpotFollow[] {
  if (finding === null || finding === 'in_order') return ['none']
  if (state === null) return ['none', 'case']
  const open: SpotFollow[] = ended.includes(state) ? [] : ['urge', 'notice']
  return ['none', ...open, ...(['handled', 'checking'].includes(state) ? (['rework'] as const) : []), 'case']
}

export function missing(form: CheckForm, ofCase: boolean): Missing {
  const { words, lon, area_id } = form.place
  return {
    ...(!form.finding && { finding: 'checks.missing.finding' }),
    ...(form.words.trim().length < 2 && { words: 'checks.missing.words' }),
    ...(!ofCase && lon === null && !area_id && !words.trim() && { place: 'checks.missing.place' }),
  }
}

export function payloadOf(form: CheckForm, caseId: string): Record<string, unknown> {
  const { words, lon, lat, area_id } = form.place
  return {
    id: form.id, finding: form.finding, words: form.words.trim(), follow: form.follow,
    ...(form.follow !== 'none' && { follow_id: form.followId }),
    ...(caseId ? { case_id: caseId } : area_id && { area_id }),
    ...(lon !== null && lat !== null && { lon, lat }),
    ...(words.trim() && { place_words: words.trim().slice(0, 100) }),
  }
}

/** One spot check: kept on the phone as it is typed, and sent with its pictures when there is a line. */
export function useCheck(caseId: string) {
  const queries = useQueryClient()
  const draft = `check.${caseId || 'place'}`
  const { form, clear } = useDraft<CheckForm>(draft, blank)
  const picker = useKeptPhotos({ purpose: 'other', draft: `${draft}.photos`, most: 9 })
  const { asOf, first } = useHeld()
  const late = async () => (await rows<CaseCard>('watched')).find((row) => row.id === caseId)?.data ?? null
  const subject = useQuery({
    queryKey: ['case', caseId, 'card'], enabled: caseId !== '',
    queryFn: () => first<CaseCard>(async () => (await unwrap(api.GET('/api/v1/cases/{case_id}', { params: { path: { case_id: caseId } } }))) as CaseCard, async () => (await heldCase(caseId)) ?? late()),
  })
  const may = computed(() => follows(caseId ? (subject.data.value?.state ?? 'handling') : null, form.finding))
  const { busy, error, during } = useWork()

  const save = () => during(async (): Promise<Saved> => {
    if (!may.value.includes(form.follow)) form.follow = 'none'
    const photos = picker.taken()
    const payload = { ...payloadOf(form, caseId), ...(photos.length && { photos: photos.map(({ sha256, purpose }) => ({ sha256, purpose })) }) }
    const card = subject.data.value
    const label = `${card?.number ?? ''} ${form.words.trim()}`.trim().slice(0, 80)
    const { follow } = form
    const sent = await sendOrKeep({ kind: 'check.record', record: caseId || form.id, payload, photos, label })
    picker.forget()
    clear()
    void queries.invalidateQueries({ queryKey: ['supervision'] })
    void queries.invalidateQueries({ queryKey: ['case', caseId] })
    if (sent.how === 'kept') return { how: 'kept', follow }
    const why = sent.state === 'proposal' ? (sent.message ?? { zh: '', en: '' }) : null
    return { how: 'sent', follow, number: String(sent.result.number ?? ''), why, photos: photos.map((photo) => photo.sha256) }
  })
  return { form, picker, subject, asOf, may, error, busy, save }
}
