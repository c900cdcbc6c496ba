"""The law of a case: who may lead it where. `docs/workflows/case.md` is drawn from this."""

from wangge.cases.models import Action, Duty, State
from wangge.kernel.workflow import Move, Workflow

A, S = Action, State
ENDED = frozenset({S.DECLINED, S.CLOSED, S.EVALUATED, S.WITHDRAWN, S.MERGED, S.SPLIT})
BEFORE_CLOSING = frozenset(S) - ENDED
UNPROMISED = frozenset({S.REPORTED, S.VERIFYING, S.ACCEPTED, S.REGISTERED, S.REOPENED})
JOINABLE = UNPROMISED | {S.DISPATCHED, S.HANDLING}
WITH_UNIT = frozenset({S.DISPATCHED, S.HANDLING})
DECLINED_FROM = frozenset({S.REPORTED, S.ACCEPTED})
# Where something can wait to be decided.
ASKED_IN = WITH_UNIT | DECLINED_FROM | {S.REOPENED}
WITH_DESK = frozenset({S.REPORTED, S.ACCEPTED, S.REGISTERED, S.REOPENED, S.HANDLED, S.CHECKED})
# Nobody has begun with it yet, so another desk may take it on as it is.
ON_THE_LADDER = frozenset({S.REPORTED, S.ACCEPTED, S.REGISTERED, S.REOPENED})
# Units assist from the moment it is known what is to be done.
ASSISTED = frozenset({S.REGISTERED, S.DISPATCHED, S.HANDLING})
# Who looks after the ground calls the estate's property company before the desk has begun.
CALLED_TO = ASSISTED | {S.REPORTED, S.VERIFYING, S.ACCEPTED}
DESK, UNIT, GRID, ASKER, SYSTEM = Duty.DESK, Duty.UNIT, Duty.GRID, Duty.ASKER, "system"
DECIDER = "decider"  # whoever decides on what is asked for: at the desk that the request names
# Taken through a door of its own, which asks more than a step does and who may.
OWN_DOOR = "own_door"


def _move(
    action: Action,
    sources: State | frozenset[State],
    target: State | None,
    by: str,
    permission: str = "",
    *,
    needs: tuple[str, ...] = (),
    may: tuple[str, ...] = ("note", "files"),
    primary: bool = False,
) -> Move[State, Action]:
    places = sources if isinstance(sources, frozenset) else frozenset({sources})
    return Move(action, places, target, by, permission, needs, may, primary)


LOOP: Workflow[State, Action] = Workflow(
    S.REPORTED,
    [
        _move(A.SELF_HANDLE, S.REPORTED, S.HANDLED, "reporter", "case.verify", needs=("note",)),
        _move(
            A.ACCEPT,
            S.REPORTED,
            S.ACCEPTED,
            DESK,
            "case.accept",
            may=("type", "note"),
            primary=True,
        ),
        _move(A.SEND_VERIFY, S.REPORTED, S.VERIFYING, DESK, "case.accept", may=("note",)),
        _move(
            A.DECLINE,
            DECLINED_FROM,
            S.DECLINED,
            DESK,
            "case.accept",
            needs=("reason", "answer"),
            may=("note",),
        ),
        # Where the city wants two for it: the desk proposes, somebody else tells the asker.
        _move(
            A.PROPOSE_DECLINE,
            DECLINED_FROM,
            None,
            DESK,
            "case.accept",
            needs=("reason", "answer"),
            may=("note", "files"),
        ),
        _move(
            A.APPROVE_DECLINE,
            DECLINED_FROM,
            S.DECLINED,
            DECIDER,
            "case.decide",
            may=("note",),
        ),
        _move(
            A.VERIFY,
            S.VERIFYING,
            S.REPORTED,
            GRID,
            "case.verify",
            needs=("note",),
            may=("files", "solved", "type"),
            primary=True,
        ),
        _move(
            A.NOT_HERE,
            S.VERIFYING,
            S.REPORTED,
            GRID,
            "case.verify",
            needs=("reason",),
            may=("place", "note", "files"),
        ),
        # Who went to look and could put it right on the spot does not send it round the houses.
        _move(
            A.SELF_HANDLE,
            S.VERIFYING,
            S.HANDLED,
            GRID,
            "case.verify",
            needs=("note",),
            may=("note", "files", "answer", "type"),
        ),
        _move(A.WITHDRAW, frozenset({S.REPORTED, S.VERIFYING}), S.WITHDRAWN, ASKER),
        _move(
            A.WITHDRAW_FOR,
            frozenset({S.REPORTED, S.VERIFYING}),
            S.WITHDRAWN,
            DESK,
            "case.accept",
            needs=("reason", "note"),
            may=("files",),
        ),
        _move(
            A.VOID,
            BEFORE_CLOSING,
            S.WITHDRAWN,
            DESK,
            "case.void",
            needs=("reason", "answer"),
            may=("note", "files"),
        ),
        _move(
            A.REGISTER,
            S.ACCEPTED,
            S.REGISTERED,
            DESK,
            "case.register",
            may=("note", "type"),
            primary=True,
        ),
        _move(
            A.DISPATCH,
            frozenset({S.REGISTERED, S.REOPENED}),
            S.DISPATCHED,
            DESK,
            "case.dispatch",
            needs=("unit_id",),
            may=("note",),
            primary=True,
        ),
        _move(A.RECALL, S.DISPATCHED, S.REGISTERED, DESK, "case.recall", needs=("note",)),
        _move(
            A.ACKNOWLEDGE,
            S.DISPATCHED,
            S.HANDLING,
            UNIT,
            "case.handle",
            may=("note",),
            primary=True,
        ),
        _move(
            A.RETURN,
            WITH_UNIT,
            None,
            UNIT,
            "case.handle",
            needs=("reason", "note"),
            may=("files",),
        ),
        _move(A.UPHOLD, WITH_UNIT, S.REGISTERED, DECIDER, "case.dispatch", may=("note",)),
        _move(A.OVERRULE, WITH_UNIT, None, DECIDER, "case.dispatch", needs=("note",), may=()),
        _move(
            A.RULE,
            WITH_UNIT,
            S.DISPATCHED,
            DECIDER,
            "case.dispatch",
            needs=("unit_id", "note"),
            may=(),
        ),
        _move(A.PROGRESS, S.HANDLING, None, UNIT, "case.handle", needs=("note",)),
        *(
            _move(
                action,
                S.HANDLING,
                None,
                UNIT,
                "case.handle",
                needs=("reason", "until", "note"),
                may=("files",),
            )
            for action in (A.EXTEND, A.ASK_PAUSE, A.ASK_SUSPENSION)
        ),
        _move(A.GRANT_EXTENSION, S.HANDLING, None, DECIDER, "case.decide", may=("until", "note")),
        _move(A.GRANT_PAUSE, S.HANDLING, None, DECIDER, "case.decide", may=("until", "note")),
        _move(
            A.GRANT_SUSPENSION,
            S.HANDLING,
            S.SUSPENDED,
            DECIDER,
            "case.decide",
            may=("until", "note"),
        ),
        # Whoever has it goes on as soon as he can; the desk reviews what is put by.
        _move(A.RESUME_CLOCK, S.HANDLING, None, UNIT, "case.handle", needs=("note",)),
        _move(A.RESUME_CLOCK, S.SUSPENDED, S.HANDLING, UNIT, "case.handle", needs=("note",)),
        _move(
            A.RESUME,
            S.SUSPENDED,
            S.HANDLING,
            DESK,
            "case.dispatch",
            needs=("note",),
            primary=True,
        ),
        _move(A.REVIEW, S.SUSPENDED, None, DESK, "case.dispatch", needs=("until", "note")),
        # Whose asker has said no, and whose demand has no ground: only a second level may say so.
        _move(
            A.QUESTION,
            S.REOPENED,
            None,
            "caller",
            "case.question",
            needs=("reason", "note"),
            may=("files",),
        ),
        _move(
            A.RULE_UNREASONABLE,
            S.REOPENED,
            S.EVALUATED,
            DECIDER,
            "case.decide",
            needs=("answer",),
            may=("note",),
        ),
        # Whoever says no says why, and the case goes on as it stands.
        *(
            _move(action, sources, None, DECIDER, "case.decide", needs=("note",), may=())
            for action, sources in (
                (A.REFUSE_DECLINE, DECLINED_FROM),
                (A.REFUSE_EXTENSION, S.HANDLING),
                (A.REFUSE_PAUSE, S.HANDLING),
                (A.REFUSE_SUSPENSION, S.HANDLING),
                (A.RULE_REASONABLE, S.REOPENED),
            )
        ),
        _move(A.WITHDRAW_REQUEST, ASKED_IN, None, "applicant", "case.read", may=("note",)),
        _move(A.RAISE_REQUEST, ASKED_IN, None, SYSTEM),
        _move(
            A.EXPLAIN_LATENESS,
            WITH_UNIT,
            None,
            UNIT,
            "case.handle",
            needs=("note",),
            may=("files",),
        ),
        _move(
            A.FINISH,
            S.HANDLING,
            S.HANDLED,
            UNIT,
            "case.handle",
            needs=("note", "answer"),
            may=("files",),
            primary=True,
        ),
        _move(A.SEND_CHECK, S.HANDLED, S.CHECKING, DESK, "case.close", may=("note",), primary=True),
        _move(A.PASS_CHECK, S.CHECKING, S.CHECKED, "checker", "case.check", primary=True),
        _move(A.FAIL_CHECK, S.CHECKING, S.HANDLING, "checker", "case.check", needs=("note",)),
        _move(
            A.CLOSE,
            S.CHECKED,
            S.CLOSED,
            DESK,
            "case.close",
            needs=("answer",),
            may=("note",),
            primary=True,
        ),
        # Where the city has answers approved: nobody sends what he wrote himself.
        _move(A.DRAFT_ANSWER, S.CHECKED, None, DESK, "case.close", needs=("answer",)),
        _move(A.RETURN_ANSWER, S.CHECKED, None, DESK, "case.close", needs=("note",)),
        _move(A.INSTRUCT, BEFORE_CLOSING, None, DESK, "case.correct", needs=("author", "note")),
        _move(
            A.EVALUATE,
            S.CLOSED,
            S.EVALUATED,
            ASKER,
            needs=("solved",),
            may=("satisfaction", "note"),
        ),
        _move(A.REOPEN, S.CLOSED, S.REOPENED, ASKER, needs=("solved",), may=("note",)),
        _move(A.CORRECT, BEFORE_CLOSING, None, DESK, "case.correct"),
        _move(A.REMARK, frozenset(S), None, "anybody", "case.read", needs=("note",)),
        _move(A.OVERDUE, BEFORE_CLOSING, None, SYSTEM),
        _move(A.RECKON, BEFORE_CLOSING - {S.SUSPENDED}, None, SYSTEM),
        # Where nobody holds a post that could act, the next in line has it.
        _move(A.HAND_OVER, BEFORE_CLOSING, None, SYSTEM),
        _move(A.TAKE_BACK, frozenset({S.DISPATCHED, S.HANDLING}), S.REGISTERED, SYSTEM),
        _move(A.TAKE_BACK, S.VERIFYING, S.REPORTED, SYSTEM),
        _move(A.TAKE_BACK, S.CHECKING, S.HANDLED, SYSTEM),
        _move(
            A.ACKNOWLEDGE_ALARM,
            frozenset(S) - {S.MERGED, S.SPLIT},
            None,
            DESK,
            "case.read",
            may=("note",),
        ),
        # One matter told twice: the lead case carries it, and each asker is answered for himself.
        _move(A.MERGE, JOINABLE, S.MERGED, DESK, "case.correct", needs=("lead",)),
        # Undone also after both were closed together; what the asker has judged himself stands.
        _move(
            A.UNMERGE,
            frozenset({S.MERGED, S.CLOSED}),
            None,
            DESK,
            "case.correct",
            needs=("former",),
        ),
        _move(A.CLOSE_MERGED, S.MERGED, S.CLOSED, SYSTEM),
        _move(A.REJOIN, S.CLOSED, S.MERGED, SYSTEM),
        _move(A.CARRY, BEFORE_CLOSING | {S.CLOSED, S.EVALUATED, S.MERGED}, None, SYSTEM),
        # Several matters told at once: each part is a case of its own.
        _move(A.SPLIT, JOINABLE, None, DESK, "case.correct", needs=("parts",)),
        _move(A.SPLIT_UP, UNPROMISED, S.SPLIT, DESK, "case.correct", needs=("parts",)),
        _move(A.ESCALATE, ON_THE_LADDER, None, DESK, "case.ladder", needs=("note",), may=()),
        _move(A.ASSIGN_DOWN, ON_THE_LADDER, None, DESK, "case.ladder", needs=("note",), may=()),
        _move(
            A.TRANSFER,
            ON_THE_LADDER,
            None,
            DESK,
            "case.ladder",
            needs=("unit_id", "note"),
            may=(),
        ),
        # What happens at an assisting unit or at a whistle is told here and decided there.
        _move(A.ASSIST, CALLED_TO, None, "assisting", needs=("note",), may=()),
        _move(A.WHISTLE, frozenset(S), None, "whistle", needs=("note",), may=()),
        _move(A.MAILBOX, frozenset(S), None, OWN_DOOR, needs=("note",), may=()),
        _move(A.URGE, BEFORE_CLOSING, None, "overseer", "case.supervise", needs=("note",), may=()),
        *(
            _move(action, sources, None, OWN_DOOR, permission)
            for action, sources, permission in (
                (A.SUPERVISE, BEFORE_CLOSING, "case.supervise"),
                (A.ANSWER_SUPERVISION, frozenset(S), ""),
                (A.LIST_OPENLY, BEFORE_CLOSING, "case.list_openly"),
                (A.UNLIST, frozenset(S), "case.list_openly"),
                (A.CRITICISE, frozenset(S), "case.list_openly"),
                (A.SPOT_CHECK, frozenset(S), "case.supervise"),
                (A.ENTRUST, BEFORE_CLOSING, "case.entrust"),
                (A.TAKE_ON, BEFORE_CLOSING, ""),
                (A.PROMISE, frozenset(S), "case.read"),
                (A.KEEP_PROMISE, frozenset(S), "case.read"),
            )
        ),
        _move(A.CLIMB, BEFORE_CLOSING, None, SYSTEM),
        _move(A.SILENT, BEFORE_CLOSING, None, SYSTEM),
        # What a leaver had in hand waits for the signature of whoever goes on with it.
        _move(A.LEFT_OPEN, BEFORE_CLOSING, None, SYSTEM),
    ],
)

DUTY = {
    S.REPORTED: DESK,
    S.VERIFYING: GRID,
    S.DECLINED: Duty.NONE,
    S.ACCEPTED: DESK,
    S.REGISTERED: DESK,
    S.DISPATCHED: UNIT,
    S.HANDLING: UNIT,
    S.SUSPENDED: DESK,
    S.HANDLED: DESK,
    S.CHECKING: GRID,  # a sampled supervisor on the short path
    S.CHECKED: DESK,
    S.CLOSED: ASKER,
    S.EVALUATED: Duty.NONE,
    S.REOPENED: DESK,
    S.WITHDRAWN: Duty.NONE,
    S.MERGED: Duty.NONE,
    S.SPLIT: Duty.NONE,
}
OFFERED = [
    A.ACKNOWLEDGE_ALARM,
    A.APPROVE_DECLINE, A.REFUSE_DECLINE, A.ACCEPT, A.SEND_VERIFY, A.DECLINE, A.PROPOSE_DECLINE,
    A.VERIFY, A.SELF_HANDLE, A.NOT_HERE, A.REGISTER, A.DISPATCH, A.RECALL, A.UPHOLD,
    A.RULE, A.OVERRULE, A.GRANT_EXTENSION, A.REFUSE_EXTENSION, A.GRANT_PAUSE, A.REFUSE_PAUSE,
    A.GRANT_SUSPENSION, A.REFUSE_SUSPENSION, A.RESUME, A.REVIEW,
    A.RULE_UNREASONABLE, A.RULE_REASONABLE,
    A.ACKNOWLEDGE, A.FINISH, A.PROGRESS, A.EXTEND, A.ASK_PAUSE, A.ASK_SUSPENSION, A.RESUME_CLOCK,
    A.EXPLAIN_LATENESS, A.WITHDRAW_REQUEST,
    A.RETURN, A.SEND_CHECK, A.PASS_CHECK, A.FAIL_CHECK,
    A.CLOSE, A.DRAFT_ANSWER, A.RETURN_ANSWER, A.ESCALATE, A.ASSIGN_DOWN, A.TRANSFER,
    A.QUESTION, A.WITHDRAW_FOR, A.VOID, A.CORRECT, A.INSTRUCT, A.REMARK, A.URGE,
]  # fmt: skip
