import { ref } from 'vue'

/** The grid or community whose notices somebody reads: from a scanned code or a place he gave. Only on the device. */
const shelf = 'wg.area'

function read(): string {
  try {
    return localStorage.getItem(shelf) ?? ''
  } catch {
    return ''
  }
}

export const myArea = ref(read())

export function keepArea(code: string): void {
  myArea.value = code
  try {
    if (code) localStorage.setItem(shelf, code)
    else localStorage.removeItem(shelf)
  } catch {
    // Then it holds for this visit.
  }
}
