export default {
  estate: {
    title: 'Property company',
    open: 'To do', due: 'Due soon', done: 'Done',
    openNone: 'No orders to do.', dueNone: 'Nothing is due soon or late.', doneNone: 'Nothing done yet.',
    from: 'From', all: 'All', residents: 'Reported by residents', others: 'From the grid and the desk',
    people: 'Who serves', notices: 'Notices', shifts: 'Shifts', report: 'Report',
    peopleHint: 'Residents read the name, duty and number of whoever is shown. Accounts of those who come or go are made by the system administrator.',
    peopleRead: 'The manager says who is shown.',
    shown: 'Shown to residents', duty: 'Duty', save: 'Save', saved: 'Saved',
    noticesHint: 'Residents see a notice after the community has approved it.', noticesAtOnce: 'Residents see a notice at once.',
    write: 'Write a notice', subject: 'Title', words: 'Text', until: 'Last day', untilHint: 'It is taken down after this day.',
    send: 'Hand in', need: 'A notice has a title and a text.', none: 'No notices yet.',
    state: { waiting: 'Waits for approval', posted: 'Public', refused: 'Refused', withdrawn: 'Taken down' },
    over: 'Over', upTo: 'until {day}', by: '{name} {moment}', why: 'Reason',
    approve: 'Approve', refuse: 'Refuse', withdraw: 'Take down', page: 'As residents see it',
  },
}
