"""The fields of a work order, and how the exports of hotlines head their columns."""

from dataclasses import dataclass
from typing import Literal

Key = Literal[
    "number", "text", "title", "name", "phone", "reported_at", "place_words", "area", "kind",
    "type", "level", "promised_at", "mode",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A field in both languages, and the headings that mean it, parted by blanks."""

    key: Key
    zh: str
    en: str
    headings: str


FIELDS = (
    FieldWords(
        "number",
        "工单编号",
        "order number",
        "工单编号 工单号 受理编号 诉求编号 编号 流水号",
    ),
    FieldWords(
        "text",
        "诉求内容",
        "what is asked",
        "诉求内容 工单内容 反映内容 问题描述 内容描述 内容",
    ),
    FieldWords(
        "title",
        "标题",
        "title",
        "诉求标题 工单标题 标题 主题",
    ),
    FieldWords(
        "name",
        "来电人",
        "caller",
        "来电人 来电人姓名 诉求人 反映人 联系人 姓名",
    ),
    FieldWords(
        "phone",
        "来电号码",
        "caller's number",
        "来电号码 联系电话 联系方式 来电电话 电话 手机号",
    ),
    FieldWords(
        "reported_at",
        "来电时间",
        "time of the call",
        "来电时间 诉求时间 登记时间 受理时间 创建时间",
    ),
    FieldWords(
        "place_words",
        "事发地址",
        "where it is",
        "事发地址 事发地点 诉求地址 问题地址 详细地址 地址",
    ),
    FieldWords(
        "area",
        "所属区域",
        "area",
        "所属区域 所属社区 所属街道 属地 区域 所属镇街",
    ),
    FieldWords(
        "kind",
        "诉求类型",
        "kind of demand",
        "诉求类型 诉求性质 工单类型 来电类型",
    ),
    FieldWords(
        "type",
        "事项分类",
        "case type",
        "事项分类 问题分类 诉求分类 内容分类 事项类别 归口类型",
    ),
    FieldWords(
        "level",
        "紧急程度",
        "urgency",
        "紧急程度 工单等级 紧急级别 是否紧急",
    ),
    FieldWords(
        "promised_at",
        "办理时限",
        "promised by",
        "办理时限 截止时间 办结时限 到期时间 要求办结时间 答复期限",
    ),
    FieldWords(
        "mode",
        "是否保密",
        "confidential",
        "是否保密 保密 是否匿名 公开方式",
    ),
)
NEEDED: tuple[Key, ...] = ("number", "text")


def guess(columns: list[str]) -> dict[Key, str]:
    """Match headings to fields: the exact ones first, then those that contain one."""
    plain = {"".join(ch for ch in name if ch.isalnum()): name for name in columns}
    found: dict[Key, str] = {}
    for exact in (True, False):
        for words in FIELDS:
            if words.key in found:
                continue
            for heading in words.headings.split():
                fits = [
                    name
                    for bare, name in plain.items()
                    if name not in found.values()
                    and (bare == heading if exact else heading in bare and len(heading) > 2)
                ]
                if fits:
                    found[words.key] = fits[0]
                    break
    return found
