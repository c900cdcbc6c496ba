import { Refusal, Unreachable } from '@/api/refusal'

import type { Line } from './line'
import { pull } from './pull'
import { pushOnce } from './push'
import { uploadNext } from './uploads'

export interface Exchanged { moved: number; uploaded: number; ended: 'done' | 'unreachable' | 'refused'; refusal?: Refusal }
export interface Told {
  /** The share of a photo that has arrived. */
  share(sha256: string, share: number): void
  /** Something in the store is no longer as it was. */
  changed(): Promise<void>
}

const mostTurns = 1_000

/** Text first, then the photos, then what is new here. Whatever breaks, all that was not settled stays as it was. */
export async function exchange(line: Line, told: Told, pulls = true): Promise<Exchanged> {
  const done: Exchanged = { moved: 0, uploaded: 0, ended: 'done' }
  try {
    for (let turn = 0; turn < mostTurns; turn += 1) {
      const { sent, moved } = await pushOnce(line)
      if (sent) await told.changed()
      done.moved += moved
      if (sent && moved) continue
      // A step may have waited for its photo as evidence: after each one the words have their turn again.
      const arrived = await uploadNext(line, told.share)
      if (arrived) await told.changed()
      done.uploaded += arrived
      if (!arrived) break
    }
    if (pulls) await pull(line)
  } catch (error) {
    done.ended = error instanceof Refusal ? 'refused' : 'unreachable'
    if (error instanceof Refusal) done.refusal = error
    if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
  } finally {
    await told.changed()
  }
  return done
}
