export default {
  studies: {
    title: '研判',
    tabs: { surveys: '测评' },
    surveysHint: '群众安全感等四档测评：不记名，答了什么只有合计看得到，结束以后才看得到。',
    newSurvey: '新建测评', none: '还没有测评', dates: '{from} 至 {to}',
    state: { draft: '草稿', open: '进行中', closed: '已结束', released: '已公布' },
    name: '名称', area: '范围', areaSearch: '输入区、街道、社区名', from: '开始', to: '截止', planned: '计划发放纸质问卷', plannedHint: '按基础网格数分到下一级；扫码不占名额',
    questions: '题目', question: '第 {n} 题', english: '英文（可不填）', scale: '四档', scales: { safe: '不安全 · 不太安全 · 比较安全 · 安全', satisfied: '不满意 · 不太满意 · 比较满意 · 满意' },
    addQuestion: '加一题', dropQuestion: '去掉', needAll: '请填写名称、范围、日期和题目', first: '例如：总的来说，您觉得您住的地方安全吗？',
    received: '已收回 {n} 份，其中纸质 {paper} 份', link: '居民扫码作答', open: '打开公开页', quota: '样本分配', plannedN: '计划', receivedN: '已收', anywhere: '没有说地方',
    step: { open: '开始收卷', close: '结束收卷', release: '公布结果', withdraw: '撤回公布' }, change: '修改',
    closeSure: '结束以后不能再收，也才能看到结果。', releaseSure: '公布以后，任何人在居民页面都看得到这些结果。', sure: '确定',
    type: '代录纸质问卷', typeHint: '每题按 1–4（不安全→安全），跳过的留空；回车保存并录下一份。谁录了多少份留痕，哪份是谁录的不留。', typed: '本次已录 {n} 份', saveNext: '保存，下一份', needOne: '至少答一题',
    wait: '收卷期间谁也看不到答了什么，结束收卷后显示结果。', by: '{name} 建',
  },
}
