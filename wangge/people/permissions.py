"""The names of everything that a post may allow, as an administrator reads them."""

from typing import NamedTuple


class Words(NamedTuple):
    """The same words in both languages, official Chinese first."""

    zh: str
    en: str


PERMISSIONS: dict[str, Words] = {
    "case.read": Words("查看辖区内事件", "see the cases of one's area or unit"),
    "case.report": Words("上报事件", "report cases"),
    "case.import": Words("批量接入事件", "bring cases in by the batch"),
    "case.accept": Words("受理、不予受理", "accept or decline cases"),
    "case.verify": Words("现场核实", "verify on site"),
    "case.register": Words("登记(立案)", "register cases"),
    "case.dispatch": Words("派单", "dispatch cases"),
    "case.decide": Words("审批延期等申请", "decide on requests such as more time"),
    "case.void": Words("作废事件", "declare cases void"),
    "case.recall": Words("撤回派单", "recall a dispatch"),
    "case.handle": Words("办理", "handle cases"),
    "case.check": Words("核查", "check after handling"),
    "case.supervise": Words("催办、督办", "urge and supervise"),
    "case.ladder": Words("上报、下派、转办", "pass cases up, down or sideways to other desks"),
    "case.close": Words("结案", "close cases"),
    "case.callback": Words("回访诉求人", "call askers back"),
    "case.question": Words("提请认定诉求不合理", "propose that a demand has no ground"),
    "case.list_openly": Words(
        "挂牌督办、批准通报", "list cases for supervision, approve criticism of a unit"
    ),
    "case.entrust": Words("分派待交接事项", "give a leaver's open work to others"),
    "case.correct": Words("更正事件信息", "correct a case's particulars"),
    "case.asker": Words("查看诉求人联系方式(留痕)", "see the asker's name and phone (logged)"),
    "whistle.blow": Words("吹哨、确认报到、作结论", "blow whistles, confirm, conclude"),
    "whistle.rule": Words("裁定吹哨职责", "rule whose duty a whistle is"),
    "incident.read": Words("查看辖区突发事件和应急资源", "see incidents and emergency resources"),
    "incident.run": Words(
        "启动、指挥、办结突发事件和演练；登记应急资源",
        "open, command and close incidents and drills; keep emergency resources",
    ),
    "mailbox.run": Words(
        "管理红色信箱：信箱、开箱、分拣、恳谈会",
        "run the Red Mailbox: boxes, openings, sorting, residents' talks",
    ),
    "mailbox.post": Words("公示来信办理情况", "post in public what became of letters"),
    "group.run": Words(
        "组建服务小组、管理网格群成员", "found service groups and say who is in them"
    ),
    "home.read": Words("查看辖区住户（脱敏、留痕）", "see the homes of one's ground (masked)"),
    "home.edit": Words("登记、更新住户和关爱对象", "write homes and care lists down"),
    "home.contact": Words(
        "查看住户完整姓名电话（写明理由、留痕）", "see a resident's name and phone (reason, logged)"
    ),
    "field.work": Words(
        "走访、为民服务、巡查、代办记录", "record visits, services, patrols and errands"
    ),
    "field.plan": Words("安排巡查，查看走访覆盖情况", "plan patrols, see what is covered"),
    "service.read": Words(
        "查看辖区为民服务记录（住户家中的不看内容）",
        "read the services done on one's ground (of those at homes not what was done)",
    ),
    "file.release": Words("公开照片等附件", "release pictures to the public"),
    "company.run": Words(
        "发布本小区物业公告、公示本企业人员",
        "post notices to the estate's residents, say who of the company is named to them",
    ),
    "company.approve": Words("批准、撤下物业公告", "approve or take down notices of estates"),
    "notice.post": Words("向本辖区居民发布公告", "post notices to the residents of one's area"),
    "feedback.answer": Words("答复对平台的意见", "answer what people say about the app"),
    "video.view": Words(
        "调看视频点位（写明理由、登记）", "look at video sites (reason, in the register)"
    ),
    "video.register": Words("查看视频调看登记", "read the register of looks at video sites"),
    "video.edit": Words("维护视频点位", "keep the list of video sites"),
    "study.run": Words(
        "研判：组织测评、发布分析、填报结果指标",
        "run surveys, release analyses, enter outcome indicators",
    ),
    "study.type": Words("代录纸质测评问卷", "type in survey sheets from paper"),
    "rules.edit": Words("修改规则", "edit rules"),
    "area.edit": Words("修改网格区域", "edit areas"),
    "people.read": Words("查看辖区工作人员", "see the staff of one's area or unit"),
    "people.edit": Words("管理账号、岗位、单位", "manage accounts, posts, units"),
    "people.secure": Words(
        "锁定账号、重发激活码、重置二次验证",
        "lock accounts, issue new activation codes, reset the second step",
    ),
    "roster.edit": Words("编排值班表", "edit the roster"),
    "audit.read": Words("查看审计日志", "read the audit log"),
    "demo": Words("使用演示工具", "use the demo's instruments"),
}
