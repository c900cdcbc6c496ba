import { ref } from 'vue'

import { shelfOwner } from '@/shared/drafts/shelf'

/** The matters reported from this device, so that a person need not remember the code. Only on the device. */
export interface Matter { code: string; number: string; text: string; at: string; followed?: boolean }

/** On a shared phone each account has a list of its own; whoever has none shares the phone's. */
const shelf = () => (shelfOwner() ? `wg.matters.${shelfOwner()}` : 'wg.matters')
const most = 50

function read(): Matter[] {
  try {
    return JSON.parse(localStorage.getItem(shelf()) ?? '[]') as Matter[]
  } catch {
    return []
  }
}

export const matters = ref<Matter[]>(read())

/** Reads the list of whoever uses the phone now. */
export function readMatters(): void {
  matters.value = read()
}

function write(list: Matter[]): void {
  matters.value = list
  try {
    localStorage.setItem(shelf(), JSON.stringify(list))
  } catch {
    // The list holds for this visit; the person has the code.
  }
}

export function remember(matter: Matter): void {
  write([matter, ...matters.value.filter((known) => known.code !== matter.code)].slice(0, most))
}

export function forget(code: string): void {
  write(matters.value.filter((known) => known.code !== code))
}

/** Whoever gives the phone away leaves nothing on it of what he reported. */
export function forgetAll(): void {
  write([])
}
