import { ref } from 'vue'

/** The matters reported from this device, so that a person need not remember the code. Only on the device. */
export interface Matter { code: string; number: string; text: string; at: string; followed?: boolean }

const shelf = 'wg.matters'
const most = 50

function read(): Matter[] {
  try {
    return JSON.parse(localStorage.getItem(shelf) ?? '[]') as Matter[]
  } catch {
    return []
  }
}

export const matters = ref<Matter[]>(read())

function write(list: Matter[]): void {
  matters.value = list
  try {
    localStorage.setItem(shelf, JSON.stringify(list))
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
