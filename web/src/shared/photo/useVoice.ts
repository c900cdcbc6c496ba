import { onScopeDispose, ref } from 'vue'

const longest = 60

/** Records one short voice message; where the browser cannot, `toggle` answers false and a file may be chosen. */
export function useVoice(done: (file: File) => void) {
  const recording = ref(false)
  const seconds = ref(0)
  const able = typeof MediaRecorder !== 'undefined' && !!navigator.mediaDevices
  let recorder: MediaRecorder | null = null
  let ticking: ReturnType<typeof setInterval> | undefined

  function stop(): void {
    clearInterval(ticking)
    recorder?.stop()
    recorder?.stream.getTracks().forEach((track) => track.stop())
    recorder = null
    recording.value = false
  }

  async function start(): Promise<boolean> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
      const pieces: Blob[] = []
      recorder = new MediaRecorder(stream)
      recorder.ondataavailable = (event) => pieces.push(event.data)
      recorder.onstop = (event) => {
        const type = (event.target as MediaRecorder).mimeType.split(';')[0] || 'audio/webm'
        done(new File(pieces, `voice.${type.split('/')[1]}`, { type }))
      }
      recorder.start()
    } catch {
      return false
    }
    recording.value = true
    seconds.value = 0
    ticking = setInterval(() => {
      seconds.value += 1
      if (seconds.value >= longest) stop()
    }, 1000)
    return true
  }

  /** Starts, or stops and hands the recording over. */
  async function toggle(): Promise<boolean> {
    if (!recording.value) return start()
    stop()
    return true
  }

  onScopeDispose(() => {
    if (recorder) recorder.onstop = null
    stop()
  })
  return { recording, seconds, toggle, able }
}
