export default {
  checks: {
    title: '现场督查',
    where: '在哪里', found: '现场情况', words: '看到了什么', wordsHint: '一句话写清楚：什么地方、什么情况。',
    finding: { in_order: '没有问题', not_in_order: '有问题', not_clear: '说不准' },
    then: '接下来', follow: { none: '只作记录', urge: '催办', notice: '发督办单', rework: '要求返工', case: '另报一件' },
    followHint: {
      none: '', urge: '承办单位马上收到，内容就是上面这句话。', notice: '发出即编号，限期书面回复；内容就是上面这句话。',
      rework: '核查不通过，退回承办单位重办。', case: '按上面这句话另立一件，和别的上报一样受理。',
    },
    photos: '现场照片', save: '记下来',
    missing: { finding: '请选现场情况', words: '请写一句看到了什么', place: '请定位、点地图，或写明地点' },
    saved: '已记下。', kept: '没有网络，已存在手机，有网络就交。',
    savedAs: { notice: '已记下，并已发出督办单 {number}。', case: '已记下，并已另报一件 {number}。', urge: '已记下，并已催办。', rework: '已记下，已退回重办。', none: '已记下。' },
    proposed: '已记下。{why}，后续转到“待处理”。', look: '去看待处理',
    own: '自己办过的事由别人督查。', back: '回到督查通', another: '再记一处',
  },
}
