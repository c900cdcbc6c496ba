export default {
  inbox: {
    title: 'Notices',
    none: 'No notices',
    unread: 'Unread',
    readAll: 'Mark all as read',
  },
}
