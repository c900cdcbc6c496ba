import type { Brand } from '@/api/shapes'
import { inWords } from '@/shared/i18n/i18n'

type May = (permission: string) => boolean
export interface Door { to: string; name: string }

/** Whether this person works with cases at all; administrators do not. */
export function mayCases(may: May): boolean {
  return may('case.read') || may('case.handle')
}

export function mayEnter(may: May): boolean {
  return may('case.report') && mayCases(may)
}

/** The pages of the desk that this person's posts open, in their order. */
export function doors(may: May, demo: boolean): Door[] {
  const all: [boolean, Door][] = [
    [mayCases(may), { to: '/', name: 'cases' }],
    [may('case.dispatch'), { to: '/command', name: 'command' }],
    [may('case.callback'), { to: '/calls', name: 'calls' }],
    [may('case.read'), { to: '/whistles', name: 'whistles' }],
    [may('case.read'), { to: '/incidents', name: 'incidents' }],
    [may('case.accept') || may('case.dispatch'), { to: '/hotline', name: 'hotline' }],
    [may('case.read'), { to: '/mailbox', name: 'mailbox' }],
    [may('case.report') && mayCases(may), { to: '/groups', name: 'groups' }],
    [may('case.read'), { to: '/figures', name: 'figures' }],
    [may('case.read'), { to: '/explore', name: 'explore' }],
    [may('case.read'), { to: '/studies', name: 'studies' }],
    [may('case.read'), { to: '/alerts', name: 'alerts' }],
    [may('company.approve') || may('notice.post'), { to: '/estate/notices', name: 'estate' }],
    [may('service.read'), { to: '/services', name: 'services' }],
    [mayCases(may), { to: '/supervision', name: 'supervision' }],
    [may('video.view') || may('video.register') || may('video.edit'), { to: '/video', name: 'video' }],
    [mayCases(may), { to: '/handovers', name: 'handovers' }],
    [may('case.entrust'), { to: '/conflicts', name: 'conflicts' }],
    [mayCases(may) || may('roster.edit'), { to: '/roster', name: 'roster' }],
    [may('people.read'), { to: '/people', name: 'people' }],
    [may('people.read'), { to: '/forces', name: 'forces' }],
    [may('rules.edit'), { to: '/rules', name: 'rules' }],
    [may('area.edit'), { to: '/areas', name: 'areas' }],
    [may('feedback.answer'), { to: '/opinions/answer', name: 'opinions' }],
    [may('feedback.answer') || may('case.supervise'), { to: '/compliance', name: 'compliance' }],
    [may('feedback.answer'), { to: '/breakages', name: 'breakages' }],
    [may('audit.read'), { to: '/audit', name: 'audit' }],
    [demo && may('demo'), { to: '/demo', name: 'demo' }],
  ]
  return all.filter(([open]) => open).map(([, door]) => door)
}

/** The brand's name arrives as words in both languages, or as one. */
export function brandName(brand: Brand | undefined): string {
  const name = (brand?.short_name ?? brand?.name) as string | { zh: string; en: string } | undefined
  return typeof name === 'string' ? name : inWords(name)
}
