export default {
  mine: {
    outbox: '待发送',
    conflicts: '要您看一下的',
    held: '手机里存了什么',
    signOutWaiting: '还有 {n} 条没有发出，退出后仍封存在这部手机上，别人看不到；您下次登录再发。',
    posts: '我的岗位',
    elder: '大字版',
    language: '语言',
    secondStep: '二次验证',
    password: '修改密码',
    opinions: '对平台的意见',
    compliance: '合规情况',
    desk: '电脑端',
    serve: '我的网格公示牌',
    signOut: '退出登录',
    signOutSure: '确定退出',
  },
}
