"""What must be filled in for a step, and the words of a refusal when it is not."""

from typing import Any

from wangge.cases.models import Action, StepInput
from wangge.cases.rights import CaseMove
from wangge.kernel.errors import Invalid
from wangge.tenant.rules import Rules

NEEDED = {
    "note": ("请填写办理意见", "please write a note"),
    "answer": ("请填写对外答复（办理结果）", "please write the answer to the asker (the result)"),
    "author": ("请填写批示人", "please say whose instruction this is"),
    "reason": ("请选择理由", "please choose a reason"),
    "unit_id": ("请选择承办单位", "please choose the unit"),
    "until": ("请填写到什么时间", "please say until when"),
    "solved": ("请选择是否解决", "please say whether it is solved"),
    "type": ("请选择事项类型", "please choose the type"),
    "files": ("请附上依据（照片或文件）", "please attach what it rests on, a photo or a paper"),
    "photo_before": ("此类事项需要处置前照片", "this type needs a photo from before"),
    "photo_after": ("此类事项需要处置后照片", "this type needs a photo from after"),
}


# The tenant's list from which the reason of a step is chosen.
REASONS = {
    Action.DECLINE: "decline_reasons",
    Action.PROPOSE_DECLINE: "decline_reasons",
    Action.RETURN: "return_reasons",
    Action.EXTEND: "extension_reasons",
    Action.ASK_PAUSE: "pause_reasons",
    Action.ASK_SUSPENSION: "suspension_reasons",
    Action.QUESTION: "unreasonable_reasons",
    Action.WITHDRAW_FOR: "withdraw_reasons",
    Action.VOID: "void_reasons",
    Action.NOT_HERE: "not_here_reasons",
}


def check_reason(known: Rules, given: StepInput) -> None:
    """Refuse a reason that does not stand in the list of its step, or no longer."""
    offered = getattr(known.lists, REASONS.get(given.action, ""), ())
    if offered and given.reason not in {one.code for one in offered if one.active}:
        raise Invalid(
            "unknown_reason",
            "理由不在列表里，请重新选择；您填写的内容仍在",
            "this reason is not in the list, choose again; what you typed is kept",
            field="reason",
        )


def needs_of(known: Rules, move: CaseMove, case: dict[str, Any]) -> list[str]:
    """What must be filled in: by the law, by the tenant's rule, by the type's evidence."""
    needs = list(move.needs)
    named = known.workflow.by_action.get(move.action.value)
    needs += [need for need in named.needs if need not in needs] if named else []
    if move.action in (Action.FINISH, Action.SELF_HANDLE):
        needs += [
            f"photo_{evidence.photo}"
            for kind in known.types.line(case["type"])
            for evidence in kind.evidence
            if evidence.photo == "after" or move.action is Action.SELF_HANDLE
        ]
    return list(dict.fromkeys(needs))


def _said(given: StepInput, field: str) -> Any:
    """A field of the form; what only its own door can say stands in ``data``."""
    return getattr(given, field, given.data.get(field))


def check_needs(known: Rules, case: dict[str, Any], move: CaseMove, given: StepInput) -> None:
    for field in needs_of(known, move, case):
        value = given.file_ids if field.startswith(("photo", "files")) else _said(given, field)
        if value is None or value == () or (isinstance(value, str) and not value.strip()):
            zh, en = NEEDED.get(field, ("请补充必填内容", "something required is missing"))
            raise Invalid("field_needed", zh, en, field=field)
