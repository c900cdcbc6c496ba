export interface QuietBody { active: boolean; first: string; last: string; askers: boolean; digests: { role: string; at: string }[] }
export interface DutyRow { zh: string; en: string; area: string; types: string[]; ground: string; active: boolean }
export interface DutiesBody { enforced: boolean; lists: DutyRow[] }

/** How many hours and minutes are quiet; hours that end before they begin go over midnight. */
export function quietFor({ first, last }: Pick<QuietBody, 'first' | 'last'>): { hours: number; minutes: number } {
  const of = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
  const length = (of(last) - of(first) + 1440) % 1440
  return { hours: Math.floor(length / 60), minutes: length % 60 }
}

export const blankDuties = (): DutyRow => ({ zh: '', en: '', area: '*', types: [], ground: '', active: true })
