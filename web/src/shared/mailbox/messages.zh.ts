export default {
  letter: {
    mailbox: '红色信箱',
    toOpen: '开信箱：{box}',
    kind: { complaint: '投诉', suggestion: '建议', wish: '微心愿' },
    kindHint: { complaint: '哪里不好、哪里坏了', suggestion: '怎样会更好', wish: '盼着有人帮一把' },
    stage: { received: '已收到', handling: '办理中', done: '已办结' },
    asked: '反映',
    decided: '决定',
    promisedOn: '{day} 前',
    doneOn: '{day} 办结',
  },
}
