"""The law of a call: who may say what of it. `docs/workflows/whistle.md` is drawn from this."""

from wangge.kernel.workflow import Move, Workflow
from wangge.whistles.models import CallAction, CallState

S, A = CallState, CallAction
UNIT, LEAD, RULER, SIGNER = "unit", "lead", "ruler", "signer"
# A unit that has said nothing; only its leader's signature lets a conclusion pass it by.
SILENT = frozenset({S.CALLED, S.CONTESTED, S.ABSENT})
CallMove = Move[CallState, CallAction]
CALLS: Workflow[CallState, CallAction] = Workflow(
    S.CALLED,
    [
        Move(A.ARRIVE, frozenset({S.CALLED, S.ABSENT, S.SIGNED}), S.ARRIVED, UNIT, "case.handle",
             (), ("note",), primary=True),
        Move(A.CONTEST, frozenset({S.CALLED}), S.CONTESTED, UNIT, "case.handle",
             ("reason", "note")),
        Move(A.UPHOLD, frozenset({S.CONTESTED}), S.EXCUSED, RULER, "whistle.rule", ("note",),
             primary=True),
        Move(A.REJECT, frozenset({S.CONTESTED}), S.CALLED, RULER, "whistle.rule", ("note",),
             primary=True),
        Move(A.CONFIRM, frozenset({S.ARRIVED}), S.CONFIRMED, LEAD, "whistle.blow",
             (), ("note",), primary=True),
        Move(A.MARK_ABSENT, frozenset({S.CALLED, S.ARRIVED}), S.ABSENT, LEAD, "whistle.blow",
             ("note",)),
        Move(A.SIGN, SILENT, S.SIGNED, SIGNER, "case.handle", ("note",)),
        Move(A.REPORT, frozenset({S.ARRIVED, S.CONFIRMED}), None, UNIT, "case.handle", ("note",)),
    ],
)  # fmt: skip
STATE_NAMES = {
    S.CALLED: ("待报到", "Called, not there yet"),
    S.ARRIVED: ("已报到（待确认）", "Reported in, to be confirmed"),
    S.CONFIRMED: ("报到已确认", "There, confirmed"),
    S.ABSENT: ("未到场", "Did not come"),
    S.CONTESTED: ("提出非本单位职责（待裁定）", "Says it is not its duty, to be ruled"),
    S.EXCUSED: ("裁定不属其职责", "Ruled not its duty"),
    S.SIGNED: ("负责人已签字", "Its leader has signed"),
}
ACTION_NAMES = {
    A.ARRIVE: ("报到", "Report in"),
    A.CONTEST: ("非本单位职责", "Not our duty"),
    A.UPHOLD: ("裁定：不属其职责", "Rule: not its duty"),
    A.REJECT: ("裁定：应当报到", "Rule: it has to come"),
    A.CONFIRM: ("确认报到", "Confirm it is here"),
    A.MARK_ABSENT: ("记为未到场", "Mark as absent"),
    A.SIGN: ("负责人签字", "Sign as its leader"),
    A.REPORT: ("反馈处置情况", "Say what was done"),
}
