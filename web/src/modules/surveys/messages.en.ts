export default {
  survey: {
    title: 'Survey', nobody: 'No names. Not who you are, nor your phone, nor when you answered is kept; only totals are read.', where: 'Where you live (may be left out)', unsaid: 'not said', skip: 'You may skip a question.',
    send: 'Send', sent: 'Thank you, we have it.', sentHint: 'When the result is released, the same code shows it.', before: 'This survey was already answered on this phone.', again: 'Somebody else here answers too',
    needOne: 'Choose an answer to at least one', over: 'This survey takes no answers at this time.', waits: 'The result will stand here when it is released.', gone: 'No such survey; please check the code.', dates: '{from} to {to}',
  },
}
