export default {
  result: {
    title: 'Result', sheets: '{n} sheets', few: 'Fewer than {n} answers: nothing is shown', upperOf: '{upper} ÷ {n}', byArea: 'By place', byWay: 'By way of answering',
    unsaid: 'place not said', way: { paper: 'paper (sample)', public: 'by code (voluntary)' }, together: ' (together, each alone is few)',
    ways: 'Who answers by the code wished to; that is no sample. Look at the two apart.', notSplit: 'Too few to be told apart.', formula: 'How it is reckoned',
  },
}
