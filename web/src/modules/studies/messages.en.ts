export default {
  studies: {
    title: 'Studies',
    tabs: { surveys: 'Surveys' },
    surveysHint: 'Surveys of four answers, such as how safe people feel: no names, only totals are read, and only at the end.',
    newSurvey: 'New survey', none: 'No surveys yet', dates: '{from} to {to}',
    state: { draft: 'draft', open: 'open', closed: 'closed', released: 'released' },
    name: 'Name', area: 'Area', areaSearch: 'County, street or community', from: 'Opens', to: 'Closes', planned: 'Paper sheets planned', plannedHint: 'Shared out by base grids; answers by the code come on top',
    questions: 'Questions', question: 'Question {n}', english: 'English (may be left out)', scale: 'Answers', scales: { safe: 'unsafe · rather unsafe · fairly safe · safe', satisfied: 'dissatisfied · rather dissatisfied · fairly satisfied · satisfied' },
    addQuestion: 'Add a question', dropQuestion: 'Remove', needAll: 'Name, area, dates and questions are needed', first: 'e.g. All in all, do you feel safe where you live?',
    received: '{n} sheets, {paper} of them paper', link: 'Residents answer by this code', open: 'Open the public page', quota: 'Sample', plannedN: 'Planned', receivedN: 'Received', anywhere: 'place not said',
    step: { open: 'Begin', close: 'End', release: 'Release the result', withdraw: 'Take the release back' }, change: 'Change',
    closeSure: 'Afterwards no answers are taken, and only then the result is seen.', releaseSure: 'Once released, everybody reads this result on the residents’ page.', sure: 'Yes',
    type: 'Type in paper sheets', typeHint: '1–4 for each question (lowest to highest), empty if skipped; Enter saves and goes on. How many somebody typed is logged, not which.', typed: '{n} typed now', saveNext: 'Save, next sheet', needOne: 'Answer at least one question',
    wait: 'While the survey is open nobody sees the answers; the result is shown when it has ended.', by: 'by {name}',
  },
}
