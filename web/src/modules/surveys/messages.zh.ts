export default {
  survey: {
    title: '测评', nobody: '不记名。不记您是谁、用什么手机、什么时候答的；只有合计看得到。', where: '您住在哪里（可不选）', unsaid: '不说', skip: '可以跳过不想答的题。',
    send: '提交', sent: '谢谢，已经收到。', sentHint: '结果公布以后，用同一个二维码就看得到。', before: '这部手机已经答过这次测评了。', again: '家里别人也要答',
    needOne: '请至少选一题', over: '这次测评现在不收答卷。', waits: '结果公布以后在这里看。', gone: '没有找到这次测评，请核对二维码。', dates: '{from} 至 {to}',
  },
}
