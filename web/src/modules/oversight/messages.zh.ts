export default {
  oversight: {
    title: '督查通',
    late: '超期', sample: '待抽查', mine: '我的督查',
    check: '现场督查', checkPlace: '督查一处地方', checkHint: '站在现场：拍照、一句话、有没有问题，没有网络也能记。',
    lateNone: '没有超期的事。', sampleNone: '现在没有要抽查的。',
    since: '超期自 {moment}', told: '已逐级提醒 {n} 级',
    urge: '催办', notice: '发督办单', go: '去抽查', see: '查看',
    whyNotice: '督办事由', whyUrge: '催办内容', send: '发出',
    sent: { urge: '已催办。', notice: '已发出，{number}。' },
    kept: '没有网络，已存在手机，有网络就发出。', waits: '待发：{what}',
    sampleHint: '当场看、拍照，写“通过”或“不通过”；没有网络也能记，有网络就交。',
    others: '无动静、挂牌、待回复',
  },
}
