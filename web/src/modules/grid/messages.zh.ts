export default {
  grid: {
    title: '事件',
    search: '搜编号、内容或地点',
    in_grid: '网格内办理中',
    reported_by_me: '我上报的',
    handed_in: '我单位办过的',
    overdue: '已超期',
    none: '这里没有事件',
    more: '再看一些',
  },
}
