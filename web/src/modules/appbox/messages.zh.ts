export default {
  appbox: {
    title: '对平台的意见', hint: '这个应用哪里不好用、哪里多余，写给系统管理员；五个工作日内答复。',
    kind: { complaint: '投诉', suggestion: '建议', fault: '故障' }, kindLabel: '是什么', words: '写一句', send: '提交', need: '请写一句话。',
    none: '还没有提过意见。', waits: '待答复，{day} 前', late: '逾期未答复', answered: '{name} 答复 {moment}', owner: '{name} 在办',
    mine: '我提的', answerTitle: '平台意见答复', noneHere: '没有意见。', take: '我来办', answer: '答复', by: '{name} · {moment}', resident: '居民', read: '本人已看到答复',
    code: '查询码 {code}，凭它看答复；这部手机上也记着。', see: '看答复', notYet: '还没有答复。',
    rule: '合规情况', ruleHint: '按国家规定，这个平台做什么、不做什么，本市是怎么设的。', state: { kept: '符合', chosen: '本市已开', lacking: '待办', never: '没有此功能' },
    why: '规定原文', never: '不做的', here: '本市的设置', settings: '改设置：电脑端“规则”',
  },
}
