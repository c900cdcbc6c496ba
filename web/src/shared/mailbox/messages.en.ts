export default {
  letter: {
    mailbox: 'Red Mailbox',
    toOpen: 'Open the box: {box}',
    kind: { complaint: 'Complaint', suggestion: 'Suggestion', wish: 'Small wish' },
    kindHint: { complaint: 'What is wrong or broken', suggestion: 'What would be better', wish: 'Where a hand is hoped for' },
    stage: { received: 'Received', handling: 'In hand', done: 'Done' },
    asked: 'Asked',
    decided: 'Decided',
    promisedOn: 'by {day}',
    doneOn: 'done on {day}',
  },
}
