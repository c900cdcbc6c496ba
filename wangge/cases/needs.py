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
    "solved": ("请选择是否解决", "please say whether it is solved"),
    "type": ("请选择事项类型", "please choose the type"),
    "photo_before": ("此类事项需要处置前照片", "this type needs a photo from before"),
    "photo_after": ("此类事项需要处置后照片", "this type needs a photo from after"),
}


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
        value = given.file_ids if field.startswith("photo") else _said(given, field)
        if value is None or value == () or (isinstance(value, str) and not value.strip()):
            zh, en = NEEDED.get(field, ("请补充必填内容", "something required is missing"))
            raise Invalid("field_needed", zh, en, field=field)
