"""The lists that people choose from: channels, kinds, levels, reasons, grades."""

from functools import cached_property
from typing import Self

from pydantic import model_validator

from wangge.tenant.limits import LimitText
from wangge.tenant.models import Label, Named, Part, refuse_repeated


class Reason(Named):
    """A reason to decline or return, with the law or rule it stands on."""

    ground: Label | None = None


class PauseReason(Reason):
    """Why a clock may stand; ``evidence``: only with its paper, notice or photo attached."""

    evidence: bool = False


class AskerMode(Named):
    """How much the people handling a matter may know of who asked."""

    hint: Label | None = None


class WhistleReason(Named):
    """Why units are called, and how long they may take to come, the ruling and the conclusion."""

    arrive: LimitText = "1WD"
    rule: LimitText = "1WD"
    conclude: LimitText = "5WD"


# 难题、联合执法、应急 (北京市街道办事处条例 第四十四条); a city writes its own list.
WHISTLE_REASONS = (
    WhistleReason(code="hard", zh="疑难问题", en="A hard problem"),
    WhistleReason(code="joint", zh="联合执法", en="Joint enforcement", arrive="4WH", rule="4WH"),
    WhistleReason(
        code="emergency", zh="应急处置", en="Emergency", arrive="1UH", rule="1UH", conclude="24UH"
    ),
)


CARE_KINDS = (
    Named(code="lonely_elderly", zh="独居老人", en="Elderly living alone"),
    Named(code="empty_nest", zh="空巢老人", en="Empty-nest elderly"),
    Named(code="disabled", zh="残疾人", en="Disabled"),
    Named(code="left_behind_child", zh="留守儿童", en="Left-behind child"),
    Named(code="migrant_child", zh="候鸟儿童", en="Migrant child"),
    Named(code="hardship", zh="困难家庭", en="Family in need"),
    Named(code="other_care", zh="其他需要关爱的", en="Other need of care"),
)
VISIT_TOPICS = (
    Named(code="safety", zh="用电用气安全", en="Safety at home"),
    Named(code="policy", zh="政策宣传", en="Policies"),
    Named(code="health", zh="健康和生活", en="Health and daily life"),
    Named(code="neighbours", zh="邻里关系", en="Neighbours"),
    Named(code="surroundings", zh="环境卫生", en="Surroundings"),
    Named(code="fraud", zh="防诈骗", en="Fraud"),
    Named(code="opinions", zh="意见建议", en="Opinions"),
)
# About a door and for a while, never about somebody; a city writes its own list.
VISIT_RISKS = (
    Named(code="quarrel", zh="最近有过激烈争吵", en="A fierce quarrel lately"),
    Named(code="illness", zh="需要做好防护", en="Protection against illness needed"),
    Named(code="unsafe", zh="楼道或房屋有危险", en="The building or the way is unsafe"),
    Named(code="dog", zh="有未拴的狗", en="A dog runs loose"),
)
SERVICE_TYPES = (
    Named(code="outreach", zh="政策宣传", en="Policy outreach"),
    Named(code="opinions", zh="民情民意征集", en="Collecting opinions"),
    Named(code="dispute", zh="矛盾纠纷调解", en="Settling a quarrel"),
    Named(code="tidying", zh="环境整治", en="Tidying up"),
    Named(code="errand", zh="帮办代办", en="Errand for a resident"),
    Named(code="haircut", zh="义务理发", en="Free haircuts"),
    Named(code="help", zh="上门帮助", en="Help at home"),
)
NOT_HERE_REASONS = (
    Named(code="next_grid", zh="在旁边的网格", en="It lies in the next grid"),
    Named(code="wrong_point", zh="位置标错了", en="The point was set wrongly"),
    Named(code="other_city", zh="不在本街道或者本市", en="Not in this street or city"),
    Named(code="no_such_place", zh="没有这个地方", en="There is no such place"),
)
# 《信访工作条例》第三十五条，复查；《行政复议法》《行政诉讼法》。A city writes its own.
REMEDIES = (
    Named(
        code="review",
        zh="收到本答复之日起 30 日内，可以书面请求上一级机关复查",
        en="Within 30 days of this answer you may ask the authority above in writing to review it",
    ),
    Named(
        code="appeal",
        zh="涉及行政行为的，可以依法申请行政复议或者提起行政诉讼",
        en="Where an administrative act is concerned you may apply for reconsideration or sue",
    ),
    Named(
        code="new_facts",
        zh="有新的事实或者依据的，可以重新反映",
        en="With new facts or grounds you may report the matter again",
    ),
)
UNREASONABLE_REASONS = (
    Reason(
        code="against_law",
        zh="要求违反法律、法规、规章",
        en="What is asked for is against the law",
        ground=Label(zh="写明法律法规名称和条款", en="Name the law and its article"),
    ),
    Reason(
        code="no_policy",
        zh="要求没有政策依据",
        en="No policy provides for what is asked",
        ground=Label(zh="写明对照的政策文件和条款", en="Name the document and its clause"),
    ),
    Reason(
        code="settled",
        zh="已由生效的判决、裁决、复核意见终结",
        en="Settled by a judgment, an award or a final review",
        ground=Label(zh="写明文书名称、编号和日期", en="Name the paper, its number and date"),
    ),
    Reason(
        code="others_rights",
        zh="要求损害他人合法权益或公共利益",
        en="It would harm the rights of others or of the public",
        ground=Label(zh="写明损害谁的什么权益、依据的事实", en="Say whose right, by which facts"),
    ),
    Reason(
        code="not_so",
        zh="经核查，反映的事实不存在",
        en="Looked into: the facts are not so",
        ground=Label(zh="写明核查的时间、人员和结果", en="Say when, who looked and what was found"),
    ),
    Reason(
        code="impossible",
        zh="客观上无法实现",
        en="It cannot be done by anybody",
        ground=Label(zh="写明事实依据", en="Write down the facts"),
    ),
)
# What members and volunteers may offer; a city writes its own list.
SKILLS = tuple(
    Named(code=code, zh=zh, en=en)
    for code, zh, en in (
        ("electric", "水电维修", "Plumbing and electrics"),
        ("first_aid", "急救护理", "First aid and nursing"),
        ("mediation", "说和调解", "Mediation"),
        ("legal", "法律咨询", "Legal advice"),
        ("carrying", "搬运清障", "Carrying and clearing"),
        ("driving", "开车接送", "Driving"),
        ("company", "陪伴照看", "Keeping company"),
        ("teaching", "课业辅导", "Teaching"),
    )
)


class Lists(Part):
    """Codes are kept by records: switch one off rather than take it out."""

    channels: tuple[Named, ...]
    kinds: tuple[Named, ...]
    levels: tuple[Named, ...]
    decline_reasons: tuple[Reason, ...]
    return_reasons: tuple[Reason, ...]
    satisfaction: tuple[Named, ...]
    asker_modes: tuple[AskerMode, ...]
    callback_results: tuple[Named, ...] = ()
    extension_reasons: tuple[Reason, ...] = ()
    pause_reasons: tuple[PauseReason, ...] = ()
    suspension_reasons: tuple[Reason, ...] = ()
    unreasonable_reasons: tuple[Reason, ...] = UNREASONABLE_REASONS
    remedies: tuple[Named, ...] = REMEDIES
    void_reasons: tuple[Reason, ...] = ()
    not_here_reasons: tuple[Named, ...] = NOT_HERE_REASONS
    withdraw_reasons: tuple[Named, ...] = ()
    reopen_reasons: tuple[Named, ...] = ()
    whistle_reasons: tuple[WhistleReason, ...] = WHISTLE_REASONS
    care_kinds: tuple[Named, ...] = CARE_KINDS
    visit_topics: tuple[Named, ...] = VISIT_TOPICS
    visit_risks: tuple[Named, ...] = VISIT_RISKS
    service_types: tuple[Named, ...] = SERVICE_TYPES
    skills: tuple[Named, ...] = SKILLS

    @model_validator(mode="after")
    def each_code_once(self) -> Self:
        for name in type(self).model_fields:
            refuse_repeated(
                [item.code for item in getattr(self, name)],
                f"“{name}”里的代码",
                f"codes in '{name}'",
            )
        return self

    @cached_property
    def codes(self) -> dict[str, frozenset[str]]:
        """The codes of each list by the list's name."""
        return {
            name: frozenset(item.code for item in getattr(self, name))
            for name in type(self).model_fields
        }
