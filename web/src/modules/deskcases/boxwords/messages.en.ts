export default {
  deskcases: {
    about: 'Whom it is about',
    aboutHint: 'A complaint about a handler, a unit, a property firm or a desk: name them here. From then on they see neither the case nor its asker, and it never comes to them.',
    aboutKept: 'They see neither the case nor its asker, and it never comes to them.',
    aboutNamed: 'Its words name:',
    aboutUnit: 'Name of the unit',
    aboutSet: 'Route around this unit',
    aboutNobody: 'About nobody',
    sameAnswers: 'Same answer: {n} other cases were answered in these words, but for names, digits and dates',
    hear: {
      title: 'Write down what was said',
      why: 'Nothing was typed, only spoken. Listen and write down where, what, and what is asked for. Words of danger raise the alarm at once.',
      none: 'The recording has not arrived; the phone may still be sending it. You may also call.',
      words: 'What was said',
      save: 'Written down',
    },
  },
}
