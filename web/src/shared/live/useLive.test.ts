import { expect, test } from 'vitest'

import { factOf, touchedBy } from './useLive'

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
