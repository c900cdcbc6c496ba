export default {
  fieldwork: {
    work: '走访和服务',
    round: '入户走访',
    service: '服务记录',
    diary: '网格日记',
    patrols: '巡查',
    coverage: '走访覆盖',
    tasks: '走访留下的事',
    by: '{day} 前',
    late: '已过 {day}',
    done: '办好了',
    drop: '不办了',
    why: '为什么不办',
    kept: '没有网络，已存在手机上，有网会自动上传。',
    result: { in: '见到了', not_home: '没人在家', refused: '不愿走访', again: '改日再来' },
  },
}
