"""What a case, its steps and its asker are made of."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wangge.tenant.case_types import Stage


class State(StrEnum):
    """Where a case stands (workflow 2.2)."""

    REPORTED = "reported"
    VERIFYING = "verifying"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    HANDLED = "handled"
    CHECKING = "checking"
    CHECKED = "checked"
    CLOSED = "closed"
    EVALUATED = "evaluated"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    SUSPENDED = "suspended"
    SPLIT = "split"


class Action(StrEnum):
    """One step that somebody takes."""

    REPORT = "report"
    SELF_HANDLE = "self_handle"
    SEND_VERIFY = "send_verify"
    VERIFY = "verify"
    NOT_HERE = "not_here"
    ACCEPT = "accept"
    DECLINE = "decline"
    PROPOSE_DECLINE = "propose_decline"
    APPROVE_DECLINE = "approve_decline"
    REFUSE_DECLINE = "refuse_decline"
    WITHDRAW = "withdraw"
    WITHDRAW_FOR = "withdraw_for"
    VOID = "void"
    REGISTER = "register"
    DISPATCH = "dispatch"
    RECALL = "recall"
    ACKNOWLEDGE = "acknowledge"
    RETURN = "return"
    UPHOLD = "uphold"
    OVERRULE = "overrule"
    RULE = "rule"
    PROGRESS = "progress"
    EXTEND = "extend"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    WITHDRAW_REQUEST = "withdraw_request"
    RAISE_REQUEST = "raise_request"
    EXPLAIN_LATENESS = "explain_lateness"
    FINISH = "finish"
    SEND_CHECK = "send_check"
    PASS_CHECK = "pass_check"  # noqa: S105 - the check is passed, nothing secret
    FAIL_CHECK = "fail_check"
    CLOSE = "close"
    DRAFT_ANSWER = "draft_answer"
    RETURN_ANSWER = "return_answer"
    INSTRUCT = "instruct"
    EVALUATE = "evaluate"
    REOPEN = "reopen"
    CORRECT = "correct"
    REMARK = "remark"
    OVERDUE = "overdue"
    ACKNOWLEDGE_ALARM = "acknowledge_alarm"
    HAND_OVER = "hand_over"
    TAKE_BACK = "take_back"
    MERGE = "merge"
    UNMERGE = "unmerge"
    CLOSE_MERGED = "close_merged"
    REJOIN = "rejoin"
    CARRY = "carry"
    SPLIT = "split"
    SPLIT_UP = "split_up"
    ESCALATE = "escalate"
    ASSIGN_DOWN = "assign_down"
    TRANSFER = "transfer"
    ASSIST = "assist"
    WHISTLE = "whistle"
    MAILBOX = "mailbox"
    URGE = "urge"
    SUPERVISE = "supervise"
    ANSWER_SUPERVISION = "answer_supervision"
    LIST_OPENLY = "list_openly"
    UNLIST = "unlist"
    CRITICISE = "criticise"
    SPOT_CHECK = "spot_check"
    CLIMB = "climb"
    SILENT = "silent"
    RECKON = "reckon"
    ASK_PAUSE = "ask_pause"
    GRANT_PAUSE = "grant_pause"
    REFUSE_PAUSE = "refuse_pause"
    RESUME_CLOCK = "resume_clock"
    ASK_SUSPENSION = "ask_suspension"
    GRANT_SUSPENSION = "grant_suspension"
    REFUSE_SUSPENSION = "refuse_suspension"
    QUESTION = "question"
    RULE_UNREASONABLE = "rule_unreasonable"
    RULE_REASONABLE = "rule_reasonable"
    REVIEW = "review"
    RESUME = "resume"
    LEFT_OPEN = "left_open"
    ENTRUST = "entrust"
    TAKE_ON = "take_on"
    PROMISE = "promise"
    KEEP_PROMISE = "keep_promise"


class Duty(StrEnum):
    """Who has to act next."""

    DESK = "desk"
    UNIT = "unit"
    GRID = "grid"
    SUPERVISOR = "supervisor"
    ASKER = "asker"
    NONE = "none"


class Mode(StrEnum):
    """How far an asker wants to be known."""

    OPEN = "open"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


STAGE: dict[State, Stage] = {
    State.REPORTED: "accept",
    State.VERIFYING: "accept",
    State.ACCEPTED: "dispatch",
    State.REGISTERED: "dispatch",
    State.REOPENED: "dispatch",
    State.DISPATCHED: "acknowledge",
    State.HANDLING: "handle",
    State.SUSPENDED: "handle",
    State.HANDLED: "check",
    State.CHECKING: "check",
    State.CHECKED: "check",
    State.CLOSED: "callback",
}
TOTAL_STAGES: tuple[Stage, ...] = ("accept", "dispatch", "acknowledge", "handle", "check")
FINAL = frozenset({State.DECLINED, State.EVALUATED, State.WITHDRAWN, State.SPLIT})
DONE = FINAL | {State.CLOSED, State.MERGED}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked, sealed for keeping; masks are what most people see."""

    mode: Mode
    name_sealed: bytes | None
    phone_sealed: bytes | None
    phone_index: bytes | None
    name_mask: str
    phone_mask: str
    code_hash: bytes | None
    locale: str = "zh"

    @property
    def reachable(self) -> bool:
        return self.phone_sealed is not None or self.code_hash is not None


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes a step, as its history will name him; rights are asked of ``Actor`` elsewhere."""

    kind: str  # account | asker | system
    account_id: UUID | None = None
    name: str = ""
    title: str = ""


SYSTEM = Taker("system")
ASKER = Taker("asker")


@dataclass(slots=True)
class Opening:
    """One new case, everything computed: place, type, desk, deadline. Written by ``open_many``."""

    id: UUID
    request_hash: bytes
    title: str
    text: str
    kind: str
    type: str | None
    level: str
    channel: str
    pos: int
    area_id: UUID
    desk_id: UUID
    place_state: str
    received_at: datetime
    due_at: datetime
    yellow_at: datetime
    due_limit: str
    total_due_at: datetime
    rules_version: int
    number_prefix: str
    emergency: list[str] = field(default_factory=list)
    wakes: bool = False  # an emergency of now, not of a table from last year
    lon: float | None = None
    lat: float | None = None
    place_words: str = ""
    found_at: datetime | None = None
    limits_from: datetime | None = None  # else they run from receipt
    reported_at: datetime | None = None
    route: dict[str, Any] = field(default_factory=dict)
    created_by: UUID | None = None
    source_ref: str = ""
    asker: Asker | None = None
    in_batch: bool = False  # an import, of which nobody is told one by one
    actor_name: str = ""
    actor_title: str = ""
    file_ids: list[UUID] = field(default_factory=list)
    file_token: bytes | None = None


@dataclass(slots=True)
class StepInput:
    """What somebody filled in for a step. ``version`` is the one he saw.

    Nobody changes one that is made; a frozen one of so many fields takes four times as long to
    make, and every step of a past makes some.
    """

    id: UUID
    action: Action
    version: int | None = None
    note: str = ""
    answer: str = ""
    reason: str = ""
    unit_id: UUID | None = None
    type: str | None = None
    solved: bool | None = None
    satisfaction: str = ""
    author: str = ""  # whose words a leader's instruction are
    until: datetime | None = None
    file_ids: tuple[UUID, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
