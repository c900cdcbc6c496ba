export default {
  worker: {
    today: 'Today',
    cases: 'Cases',
    report: 'Report',
    notices: 'Notices',
    me: 'Me',
    places: 'Main pages',
  },
  today: {
    left: '{n} things to do',
    one: '1 thing to do',
    clear: 'Nothing to do right now',
    clearHint: 'New tasks appear here, with a notice.',
    asOf: 'Below is how it was at {moment}.',
    next: 'First',
    then: 'Then',
    more: '{n} more under “Cases”',
    do: {
      to_verify: 'Verify',
      to_check: 'Check',
      to_sample: 'Spot-check',
      to_acknowledge: 'Acknowledge',
      to_handle: 'In hand',
    },
  },
}
