export default {
  chat: {
    groups: 'Grid groups',
    unread: '{n} unread',
    copyAnswer: 'Copy the answer for the group',
    copied: 'Copied: ready to paste into the group',
    leftOut: 'Left out: {kinds}',
    kind: { id_number: 'identity number', account: 'account', phone: 'telephone', email: 'e-mail', plate: 'number plate', dwelling: 'door number', name: 'name' },
    comma: ', ',
  },
}
