export default {
  result: {
    title: '结果', sheets: '收回 {n} 份', few: '不足 {n} 份，不显示结果', upperOf: '{upper} ÷ {n}', byArea: '分地方', byWay: '分答卷方式',
    unsaid: '没有说地方', way: { paper: '纸质（抽样）', public: '扫码（自愿）' }, together: '（合并，各自份数少）',
    ways: '扫码作答是自愿的，不是抽样；两种方式分开看。', notSplit: '份数少，不单列。', formula: '怎么算的',
  },
}
