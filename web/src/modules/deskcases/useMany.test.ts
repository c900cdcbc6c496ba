import { expect, test } from 'vitest'

import { stepsFor } from './useMany'

test('the step that most of the chosen wait for stands first, and only steps of the posts are offered', () => {
  const cards = [{ state: 'registered' }, { state: 'registered' }, { state: 'reported' }] as const
  expect(stepsFor(() => true, cards).slice(0, 2)).toEqual(['dispatch', 'accept'])
  expect(stepsFor((one) => one === 'case.handle' || one === 'case.read', [{ state: 'dispatched' }])).toEqual(['acknowledge', 'remark'])
})
