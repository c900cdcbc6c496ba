export default {
  servicebook: {
    title: '为民服务', what: '本辖区做了哪些服务。姓名和门牌已略去；在住户家中的，只看得到做过，内容由网格员、网格长看。',
    search: '查找内容、地点', kind: '类别', all: '全部', area: '区域', everywhere: '全辖区', first: '从', last: '到',
    kinds: { service: '服务', outreach: '宣传', errand: '帮办代办', talk: '田间座谈' },
    count: '{n} 条', people: '惠及 {n} 人次', export: '导出 Excel',
    none: '这段时间没有记录。', noneOf: '没有符合的记录，换个条件试试。', more: '再看一些',
    atHome: '在住户家中', peopleOf: '{n} 人', pictures: '照片 {n} 张', led: '转为 {numbers}',
    worker: '记录人', came: '收到', cases: '转为事项', hidden: '在住户家中的内容，由网格员、网格长查看。', close: '收起',
  },
}
