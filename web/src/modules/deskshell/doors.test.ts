import { expect, test } from 'vitest'

import { doors } from './doors'

const may = (...held: string[]) => (permission: string) => held.includes(permission)
const names = (held: string[], demo = false) => doors(may(...held), demo).map((door) => door.name)

test('an auditor finds the log and no case; the instruments open in a demonstration only', () => {
  expect(names(['audit.read'])).toEqual(['audit'])
  expect(names(['audit.read', 'demo'], true)).toEqual(['audit', 'demo'])
  expect(names(['audit.read', 'demo'], false)).toEqual(['audit'])
})

test('a handler, who reads only what his unit has, works with cases', () => {
  expect(names(['case.handle'])).toEqual(['cases', 'supervision', 'handovers', 'roster'])
})
