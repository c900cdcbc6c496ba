import { expect, test } from 'vitest'

import { withPhrase } from './withPhrase'

test('a phrase is added after what was typed and taken out again', () => {
  const added = withPhrase('thanks', 'quick', ', ')
  expect(added).toBe('thanks, quick')
  expect(withPhrase(added, 'quick', ', ')).toBe('thanks')
  expect(withPhrase('', 'quick', ', ')).toBe('quick')
})
