export default {
  chat: {
    groups: '网格群',
    unread: '{n} 条未读',
    copyAnswer: '复制答复（发到群里）',
    copied: '已复制，可以贴到群里了',
    leftOut: '已去掉：{kinds}',
    kind: { id_number: '身份证号', account: '账号', phone: '电话', email: '邮箱', plate: '车牌', dwelling: '门牌', name: '姓名' },
    comma: '、',
  },
}
