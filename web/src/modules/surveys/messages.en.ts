export default {
  survey: {
    title: 'Survey', nobody: 'No names. Not who you are, nor your phone, nor when you answered is kept; only totals are read.', where: 'Where you live (may be left out)', unsaid: 'not said', skip: 'You may skip a question.',
    send: 'Send', sent: 'Thank you, we have it.', sentHint: 'When the result is released, the same code shows it.', before: 'This survey was already answered on this phone.', again: 'Somebody else here answers too',
    needOne: 'Choose an answer to at least one', over: 'This survey takes no answers at this time.', waits: 'The result will stand here when it is released.', gone: 'No such survey; please check the code.', dates: '{from} to {to}',
  },
  open: {
    title: 'Open figures', span: '{from} to {to}, told more than a day late', received: 'Received', closed: 'Closed of these', inTime: 'Closed in time', satisfied: 'Satisfied', ended: 'Closed', few: 'few',
    notGood: 'What is not good', late: 'Still open and past its time: {n}', closedLate: 'Closed late in this time: {n}', notSatisfied: 'Graded, but not satisfied: {n}', leftOut: 'Declined, withdrawn, merged or split up: {n}, not counted as closed',
    surveys: 'Surveys', takes: 'takes answers now', released: 'result released', month: 'Month', streets: 'Towns and streets (in the order of the directory, not ranked)', types: 'About what',
    method: 'How it is counted', told: 'Received: everything. In time: closed within the whole limit ÷ closed in the time. No finer than street and month; below {least} nothing is told, nor can it be reckoned; nobody is in it.',
    satisfiedHow: 'Satisfied: {words} ÷ who gave a grade. Whether “fairly satisfied” counts is a setting that the city publishes; every month is counted as now.',
    csvStreets: 'By street and month (CSV)', csvTypes: 'By type and month (CSV)', dictionary: 'Data dictionary',
  },
}
