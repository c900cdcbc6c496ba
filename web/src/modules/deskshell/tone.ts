import { readonly, ref } from 'vue'

let context: AudioContext | null = null
const awake = ref(false)

/** Browsers allow sound only after the person has touched the page. */
function wake(): void {
  context ??= 'AudioContext' in globalThis ? new AudioContext() : null
  void context?.resume().then(() => { awake.value = context?.state === 'running' })
}

let listening = false
export function listenForTouch(): void {
  if (listening) return
  listening = true
  for (const name of ['pointerdown', 'keydown']) window.addEventListener(name, wake, { capture: true })
}

export const toneAwake = readonly(awake)

/** Two short notes, the second higher: enough to look up, not to startle. */
export function playTone(): void {
  if (!context || context.state !== 'running') return
  const start = context.currentTime
  for (const [at, pitch] of [[0, 660], [0.22, 880]] as const) {
    const note = context.createOscillator()
    const loud = context.createGain()
    note.frequency.value = pitch
    loud.gain.setValueAtTime(0, start + at)
    loud.gain.linearRampToValueAtTime(0.25, start + at + 0.02)
    loud.gain.exponentialRampToValueAtTime(0.001, start + at + 0.2)
    note.connect(loud).connect(context.destination)
    note.start(start + at)
    note.stop(start + at + 0.22)
  }
}
