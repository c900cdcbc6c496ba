export default {
  home: {
    greet: 'Tell us what is wrong nearby, and someone will see to it',
    report: 'Report something',
    reportHint: 'A photo and a sentence: 20 seconds',
    find: 'Find my grid worker',
    findHint: 'Name, face, telephone',
    matters: 'My matters',
    mailboxHint: 'Complaints, suggestions, small wishes; also unsigned',
    mattersHint: 'See how far they are',
    call: 'Call {number}',
    callHint: 'If you would rather not go online, a call counts the same',
    recent: 'Lately reported',
    all: 'All',
    opinions: 'About this app',
    staff: 'Staff sign-in',
    safe: 'Your name and telephone serve this matter only. You may stay confidential or anonymous.',
  },
}
