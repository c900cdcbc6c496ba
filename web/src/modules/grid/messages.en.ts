export default {
  grid: {
    title: 'Cases',
    search: 'Search number, words or place',
    in_grid: 'Open in my grid',
    reported_by_me: 'Reported by me',
    handed_in: 'Done by my unit',
    overdue: 'Overdue',
    none: 'No cases here',
    more: 'Show more',
  },
}
