export default {
  inbox: {
    title: '消息',
    none: '没有消息',
    unread: '未读',
    readAll: '全部标为已读',
  },
}
