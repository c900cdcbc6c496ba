import { describe, expect, it } from 'vitest'

import { blankWord, isReached, missingWord, resultsFor } from './word'

const codes = ['answered', 'no_answer', 'wrong_number', 'refused', 'rejected', 'met', 'not_home', 'busy']

describe('the word of the asker', () => {
  it('offers each way and purpose its own results', () => {
    expect(resultsFor(codes, 'response', 'call')).toEqual(['answered', 'no_answer', 'wrong_number', 'rejected', 'busy'])
    expect(resultsFor(codes, 'callback', 'call')).toEqual(['answered', 'no_answer', 'wrong_number', 'refused', 'busy'])
    expect(resultsFor(codes, 'callback', 'visit')).toEqual(['met', 'not_home'])
  })

  it('is whole only with both answers', () => {
    expect(missingWord(blankWord())).toBe('contact.chooseSolved')
    expect(missingWord({ solved: false, satisfaction: null, note: '' })).toBe('contact.chooseSatisfaction')
    expect(missingWord({ solved: false, satisfaction: 'satisfied', note: '' })).toBe('')
    expect(['answered', 'met', 'no_answer', null].map(isReached)).toEqual([true, true, false, false])
  })
})
