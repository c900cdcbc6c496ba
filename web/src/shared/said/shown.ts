import { goes, type Said } from './said'

/** Which word says where something is; every state has one. */
export function stateOf(item: Said, going: boolean): 'waiting' | 'going' | 'files' | 'broken' | 'refused' {
  if (item.refused) return 'refused'
  if (!goes(item)) return 'broken'
  if (item.receipt) return 'files'
  return going ? 'going' : 'waiting'
}

/** How many of its files have arrived, and what of the one on its way has gone. */
export function progressOf({ files }: Said, shares: Record<string, number>): { done: number; all: number; share: number } {
  const done = files.filter(({ state }) => state === 'sent').length
  const part = files.filter(({ state }) => state === 'waiting').reduce((sum, { id }) => sum + (shares[id] ?? 0), 0)
  return { done, all: files.length, share: files.length ? (done + part) / files.length : 1 }
}
