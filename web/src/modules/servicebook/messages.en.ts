export default {
  servicebook: {
    title: 'Services', what: 'What was done for people on your ground. Names and doors are left out; of what was at a home you see that it was, the workers of the grid see what.',
    search: 'Words or place', kind: 'Kind', all: 'All', area: 'Area', everywhere: 'All of it', first: 'From', last: 'To',
    kinds: { service: 'Service', outreach: 'Outreach', errand: 'Errand', talk: 'Talk' },
    count: '{n} records', people: 'for {n} people', export: 'Excel',
    none: 'There is no record of these days.', noneOf: 'Nothing fits; try other filters.', more: 'More',
    atHome: 'at a home', peopleOf: 'people: {n}', pictures: 'pictures: {n}', led: 'became {numbers}',
    worker: 'Recorded by', came: 'Received', cases: 'Became', hidden: 'What was done at a home is read by the worker and the leader of the grid.', close: 'Close',
  },
}
