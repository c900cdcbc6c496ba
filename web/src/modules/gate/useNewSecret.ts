import { computed, ref } from 'vue'

export const shortest = 10

/** A new password typed twice; says as a message key what is wrong once the form was tried. */
export function useNewSecret() {
  const first = ref('')
  const second = ref('')
  const tried = ref(false)
  const firstWrong = computed(() => (tried.value && first.value.length < shortest ? 'gate.short' : ''))
  const secondWrong = computed(() => (tried.value && second.value !== first.value ? 'gate.differs' : ''))
  const right = () => {
    tried.value = true
    return !firstWrong.value && !secondWrong.value
  }
  return { first, second, firstWrong, secondWrong, right }
}
