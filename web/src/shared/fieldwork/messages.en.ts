export default {
  fieldwork: {
    work: 'Visits and services',
    round: 'Household visits',
    service: 'Service record',
    diary: 'Diary',
    patrols: 'Patrols',
    coverage: 'Coverage',
    tasks: 'Left to do from visits',
    by: 'by {day}',
    late: 'was due {day}',
    done: 'Done',
    drop: 'Not needed',
    why: 'Why it is not done',
    kept: 'No network: kept on the phone, sent by itself later.',
    result: { in: 'Met', not_home: 'Not at home', refused: 'No visit wished', again: 'Another day' },
  },
}
