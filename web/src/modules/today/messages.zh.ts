export default {
  worker: {
    today: '今天',
    cases: '事件',
    report: '上报',
    notices: '消息',
    me: '我',
    places: '主要页面',
  },
  today: {
    left: '还有 {n} 件要办',
    one: '还有 1 件要办',
    clear: '手头没有要办的事',
    clearHint: '新任务到了会出现在这里，也会有消息提醒。',
    asOf: '下面是 {moment} 时的情况。',
    next: '先办这件',
    then: '接下来',
    more: '另有 {n} 件在“事件”里',
    do: {
      to_verify: '去核实',
      to_check: '去核查',
      to_sample: '去抽查',
      to_acknowledge: '待签收',
      to_handle: '办理中',
    },
  },
}
