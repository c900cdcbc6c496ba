export default {
  appbox: {
    title: 'About this app', hint: 'What is hard to use or not needed in this app: written to the system administrator, answered within five working days.',
    kind: { complaint: 'Complaint', suggestion: 'Suggestion', fault: 'Fault' }, kindLabel: 'What it is', words: 'A sentence', send: 'Send', need: 'Write a sentence.',
    none: 'Nothing said yet.', waits: 'waits for an answer, until {day}', late: 'answer is late', answered: 'answered by {name} {moment}', owner: '{name} is on it',
    mine: 'What I said', answerTitle: 'Opinions about the app', noneHere: 'No opinions.', take: 'I take it', answer: 'Answer', by: '{name} · {moment}', resident: 'a resident', read: 'the writer has read the answer',
    code: 'Code {code} leads to the answer; this phone remembers it.', see: 'Read the answer', notYet: 'Not answered yet.',
    rule: 'The rule and this app', ruleHint: 'What this app does and does not do by the national rule, and how this city has set it.', state: { kept: 'kept', chosen: 'switched on here', lacking: 'to be done', never: 'not built' },
    why: 'The rule says', never: 'Not done', here: 'Settings of this city', settings: 'Change: “Rules” on the desk',
  },
}
