import { goes, type Said } from './said'

/** Which word says where something is; every state has one. */
export function stateOf(item: Said, going: boolean): 'waiting' | 'going' | 'files' | 'broken' | 'refused' {
  if (item.refused) return 'refused'
  if (!goes(item)) return 'broken'
  if (item.receipt) return 'files'
  return going ? 'going' : 'waiting'
}

/** How many of its files have arrived. */
export function progressOf({ files }: Said): { done: number; all: number } {
  return { done: files.filter(({ state }) => state === 'sent').length, all: files.length }
}
