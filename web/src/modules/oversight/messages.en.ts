export default {
  oversight: {
    title: 'Supervision on site',
    late: 'Late', sample: 'To sample', mine: 'My checks',
    check: 'Check on site', checkPlace: 'Check a place', checkHint: 'Where you stand: photos, a sentence, in order or not; it is kept without a network.',
    lateNone: 'Nothing is late.', sampleNone: 'No spot check waits.',
    since: 'late since {moment}', told: 'told {n} rungs up',
    urge: 'Urge', notice: 'Issue a notice', go: 'Check on site', see: 'Open',
    whyNotice: 'Why the notice is issued', whyUrge: 'What is urged', send: 'Send',
    sent: { urge: 'Urged.', notice: 'Issued, {number}.' },
    kept: 'No network: kept on the phone, it goes when there is a line.', waits: 'Waits to be sent: {what}',
    sampleHint: 'Look, take a photo, say passed or not; it is kept without a network and goes later.',
    others: 'Silent, listed, to be answered',
  },
}
