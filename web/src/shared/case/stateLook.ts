/** Colour and shape of each state; the word comes from the city. Never colour alone. */
export type Tone = 'new' | 'moving' | 'attention' | 'good' | 'quiet'
export interface Look { tone: Tone; shape: string }

const shapes = {
  ring: 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 1 0 0-3.6z',
  arrow: 'M2 8h11M9 3.5 13.5 8 9 12.5',
  play: 'M4 2.5 13 8l-9 5.5z',
  back: 'M14 8H3M7 3.5 2.5 8 7 12.5',
  pause: 'M5 3v10M11 3v10',
  tick: 'M2.5 8.5 6.5 12.5 13.5 4',
  again: 'M13 5A5.6 5.6 0 1 0 13.6 9M13.5 1.5V5H10',
  cross: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  merge: 'M3 2v3c0 3 5 2 5 6v3M13 2v3c0 3-5 2-5 6',
  speech: 'M2 3h12v8H8l-3.5 3v-3H2z',
} as const

const looks: Record<string, Look> = {
  reported: { tone: 'new', shape: shapes.ring },
  verifying: { tone: 'new', shape: shapes.eye },
  declined: { tone: 'quiet', shape: shapes.cross },
  accepted: { tone: 'moving', shape: shapes.ring },
  registered: { tone: 'moving', shape: shapes.ring },
  dispatched: { tone: 'moving', shape: shapes.arrow },
  handling: { tone: 'moving', shape: shapes.play },
  returned: { tone: 'attention', shape: shapes.back },
  suspended: { tone: 'attention', shape: shapes.pause },
  handled: { tone: 'moving', shape: shapes.tick },
  checking: { tone: 'moving', shape: shapes.eye },
  checked: { tone: 'moving', shape: shapes.tick },
  reopened: { tone: 'attention', shape: shapes.again },
  closed: { tone: 'good', shape: shapes.tick },
  evaluated: { tone: 'good', shape: shapes.speech },
  archived: { tone: 'quiet', shape: shapes.tick },
  withdrawn: { tone: 'quiet', shape: shapes.cross },
  split: { tone: 'quiet', shape: shapes.merge },
  merged: { tone: 'quiet', shape: shapes.merge },
}

export function lookOf(state: string): Look {
  return looks[state] ?? { tone: 'quiet', shape: shapes.ring }
}
