export default {
  home: {
    greet: '身边的事，说一声就有人管',
    report: '我要反映',
    reportHint: '拍张照片、说一句话，20 秒就好',
    find: '帮我找网格员',
    findHint: '姓名、照片、电话',
    matters: '我的事项',
    mailboxHint: '投诉、建议、微心愿，也可匿名；看看来信办得怎么样',
    mattersHint: '看办到哪一步了',
    call: '打电话 {number}',
    callHint: '不方便上网时，电话也一样受理',
    recent: '最近反映的',
    all: '全部',
    opinions: '对平台提意见',
    staff: '工作人员登录',
    safe: '您的姓名和电话只用于办理这件事，可以选择保密或匿名。',
  },
}
