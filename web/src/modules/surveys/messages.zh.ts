export default {
  survey: {
    title: '测评', nobody: '不记名。不记您是谁、用什么手机、什么时候答的；只有合计看得到。', where: '您住在哪里（可不选）', unsaid: '不说', skip: '可以跳过不想答的题。',
    send: '提交', sent: '谢谢，已经收到。', sentHint: '结果公布以后，用同一个二维码就看得到。', before: '这部手机已经答过这次测评了。', again: '家里别人也要答',
    needOne: '请至少选一题', over: '这次测评现在不收答卷。', waits: '结果公布以后在这里看。', gone: '没有找到这次测评，请核对二维码。', dates: '{from} 至 {to}',
  },
  open: {
    title: '公开数据', span: '{from} 至 {to}，晚一天以上公布', received: '收到', closed: '其中已结案', inTime: '按期结案', satisfied: '满意', ended: '结案', few: '少，不列',
    notGood: '做得不好的', late: '还在办、已经超期的：{n} 件', closedLate: '这段时间里超期才结案的：{n} 件', notSatisfied: '说了满意度、但不满意或一般的：{n} 件', leftOut: '不予受理、撤回、合并、分拆的：{n} 件，不算已结案',
    surveys: '群众测评', takes: '正在收答卷', released: '结果已公布', month: '月份', streets: '各镇街（按名录，不排名）', types: '哪些事',
    method: '怎么算的', told: '收到：全部事项。按期结案：在总时限以内结案的 ÷ 期内结案的。最细到镇街和月；少于 {least} 件的不列，也推算不出来；没有任何人的信息。',
    satisfiedHow: '满意：{words} ÷ 说了满意不满意的。“基本满意”算不算满意是本市对外公布的一项设置；各月都按现在的口径算。',
    csvStreets: '各镇街各月（CSV）', csvTypes: '各类各月（CSV）', dictionary: '数据字典',
  },
}
