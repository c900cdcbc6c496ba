export default {
  checks: {
    title: 'Spot check',
    where: 'Where', found: 'What is found', words: 'What you saw', wordsHint: 'One sentence: where exactly, and what.',
    finding: { in_order: 'In order', not_in_order: 'Not in order', not_clear: 'Cannot tell' },
    then: 'What follows', follow: { none: 'Only recorded', urge: 'Urge', notice: 'Issue a notice', rework: 'Do it again', case: 'Report a new case' },
    followHint: {
      none: '', urge: 'The unit hears at once, in the words above.', notice: 'Numbered when issued, to be answered in writing by a day; in the words above.',
      rework: 'The check is not passed: it goes back to the unit.', case: 'A case of its own in the words above, taken in like any other.',
    },
    photos: 'Photos of the place', save: 'Record it',
    missing: { finding: 'Choose what is found', words: 'Say in a sentence what you saw', place: 'Let the phone find the place, mark it on the map, or write it' },
    saved: 'Recorded.', kept: 'No network: kept on the phone, it goes when there is a line.',
    savedAs: { notice: 'Recorded, and notice {number} issued.', case: 'Recorded, and reported as {number}.', urge: 'Recorded, and urged.', rework: 'Recorded, and sent back to be done again.', none: 'Recorded.' },
    proposed: 'Recorded. {why}: what was to follow waits in the conflict list.', look: 'Look there',
    own: 'Whoever handled it does not check it.', back: 'Back to supervision', another: 'Another place',
  },
}
