import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { factOf, gathering, touchedBy } from './useLive'

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }))
afterEach(() => void vi.useRealTimers())

test('a fact of a case makes the lists, the counts and that case old', () => {
  expect(touchedBy('CaseStepTaken', 'c-1')).toEqual([['cases'], ['queues'], ['case', 'c-1']])
})
test('an alarm comes live: the banner of open alarms is a list of cases', () => {
  expect(touchedBy('CaseAlarmRaised', 'c-1')).toContainEqual(['cases'])
})
test('a notice and the clock touch only their own', () => {
  expect(touchedBy('NoticeSent', 'n-1')).toEqual([['notices'], ['alerts']])
  expect(touchedBy('ClockSet', null)).toEqual([['tenant']])
})
test('an overfull line says reload, and everything is asked for again; unknown facts touch nothing', () => {
  expect(touchedBy('Reload', null)).toBeNull()
  expect(touchedBy('AccountLocked', 'a-1')).toEqual([])
})
test('what is not a fact is passed over', () => {
  expect(factOf('{"name":"CaseReported","subject":"c-1"}')).toEqual({ name: 'CaseReported', subject: 'c-1' })
  expect(factOf('{}')).toBeNull()
  expect(factOf('not json')).toBeNull()
})
test('the facts of one step ask for a list once, and a storm of two hundred a second at most twice a second', () => {
  const said: unknown[] = []
  const renewal = gathering((keys) => said.push(keys))
  for (const name of ['CaseStepTaken', 'CaseTold', 'CaseClockMoved']) renewal.hear(touchedBy(name, 'c-1'))
  expect(said).toEqual([])
  vi.advanceTimersByTime(100)
  expect(said).toEqual([[['cases'], ['queues'], ['case', 'c-1']]])
  for (let fact = 0; fact < 600; fact += 1) {
    renewal.hear(touchedBy('CaseReported', `c-${fact}`))
    vi.advanceTimersByTime(5)
  }
  expect(said.length).toBeLessThanOrEqual(1 + 6)
  vi.advanceTimersByTime(500)
  expect(said.slice(1).flat()).toContainEqual(['case', 'c-599'])
})
test('a reload outweighs single facts, what touches nothing wakes nobody, and an ended page hears no more', () => {
  const said: unknown[] = []
  const renewal = gathering((keys) => said.push(keys))
  renewal.hear([])
  vi.advanceTimersByTime(1_000)
  expect(said).toEqual([])
  renewal.hear([['notices']])
  renewal.hear(null)
  vi.advanceTimersByTime(100)
  expect(said).toEqual([null])
  renewal.hear([['notices']])
  renewal.stop()
  vi.advanceTimersByTime(1_000)
  expect(said).toEqual([null])
})
