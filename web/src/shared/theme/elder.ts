import { ref, watchEffect } from 'vue'

const shelf = 'wg.elder'

function remembered(): boolean {
  try {
    return localStorage.getItem(shelf) === 'yes'
  } catch {
    return false
  }
}

/** Elder mode: larger type, higher contrast, fewer choices. */
export const elder = ref(remembered())

watchEffect(() => {
  document.documentElement.toggleAttribute('data-elder', elder.value)
  try {
    localStorage.setItem(shelf, elder.value ? 'yes' : 'no')
  } catch {
    // It holds for this visit.
  }
})
