export default {
  estate: {
    title: '物业通',
    open: '待办', due: '快到期', done: '已办',
    openNone: '没有要办的工单。', dueNone: '没有快到期或超期的。', doneNone: '还没有办完的。',
    from: '来源', all: '全部', residents: '居民报修', others: '网格、中心交办',
    people: '人员公示', notices: '小区公告', shifts: '交接班', report: '上报',
    peopleHint: '公示的，居民在“谁在这里服务”里看得到姓名、职责和电话；新进、离职人员由系统管理员办理账号。',
    peopleRead: '由物业负责人决定公示谁。',
    shown: '向居民公示', duty: '职责', save: '保存', saved: '已保存',
    noticesHint: '公告要社区批准后居民才看得到。', noticesAtOnce: '发布后居民马上看得到。',
    write: '写一条公告', subject: '标题', words: '内容', until: '到哪天为止', untilHint: '过了这天自动撤下。',
    send: '提交', need: '标题和内容都要写。', none: '还没有公告。',
    state: { waiting: '待批准', posted: '已公开', refused: '未获批准', withdrawn: '已撤下' },
    over: '已到期', upTo: '到 {day}', by: '{name} {moment}', why: '理由',
    approve: '批准公开', refuse: '不同意', withdraw: '撤下', page: '居民看到的样子',
  },
}
