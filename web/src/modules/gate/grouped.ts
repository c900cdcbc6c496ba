import type { DemoAccount } from '@/api/shapes'

/** The cast by groups, both in the order in which the server tells them. */
export function grouped(cast: readonly DemoAccount[]): { name: string; people: DemoAccount[] }[] {
  const groups = new Map<string, DemoAccount[]>()
  for (const person of cast) groups.set(person.group, [...(groups.get(person.group) ?? []), person])
  return [...groups].map(([name, people]) => ({ name, people }))
}
