import type { Word } from '@/shared/contact/word'

/** What a caller proposes of a demand that comes back. */
export interface Question { on: boolean; reason: string; ground: string }

export const blankQuestion = (): Question => ({ on: false, reason: '', ground: '' })

const unhappy = new Set(['dissatisfied', 'very_dissatisfied'])
/** Only of a demand whose asker says no can it be asked whether it has ground. */
export const comesBack = (word: Word): boolean => word.solved === false || unhappy.has(word.satisfaction ?? '')

export const isWhole = (of: Question): boolean => !of.on || !!(of.reason && of.ground.trim())
