"""The wire shapes of sync; docs/sync.md is the page that phones are built against."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from wangge.kernel.operations import Operation, State
from wangge.sync.models import Sent
from wangge.sync.times import Clock

MOST_OPERATIONS = 50
LONGEST_WRONG = 10**10  # seconds; a clock is wrong by three hundred years at most
Short = Annotated[str, Field(max_length=100)]


class Wire(BaseModel):
    """Nothing unknown gets in."""

    model_config = ConfigDict(extra="forbid")


class BasedOn(Wire):
    """What the person saw when he typed."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    fields: dict[str, Any] = {}


class OperationBody(Wire):
    id: UUID
    v: int = 1
    kind: Annotated[str, Field(min_length=1, max_length=60)]
    record: UUID
    seq: Annotated[int, Field(ge=1, le=2**31 - 1)]
    made_at: AwareDatetime
    found_at: AwareDatetime | None = None
    done_at: AwareDatetime | None = None
    clock_ahead: Annotated[int, Field(ge=-LONGEST_WRONG, le=LONGEST_WRONG)] | None = None
    based_on: BasedOn | None = None
    payload: dict[str, Any]

    def sent(self, sent_at: datetime, received_at: datetime) -> Sent:
        """With the times put right; the content is everything but its place in line."""
        clock = Clock.of(self.clock_ahead, sent_at, received_at)
        seen = self.based_on or BasedOn()
        said = self.model_dump(mode="json", exclude={"seq"})
        return Sent(
            Operation(
                self.id, self.kind, self.record, self.payload,
                clock.right(self.made_at) or received_at, clock.right(self.found_at),
                clock.right(self.done_at), seen.version, seen.fields,
            ),
            self.seq,
            clock.word(self.made_at, self.found_at, self.done_at),
            max(-(2**31), min(round(clock.ahead.total_seconds()), 2**31 - 1)),
            received_at,
            said,
            hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).digest(),
        )  # fmt: skip


class BatchBody(Wire):
    """Up to 50 operations; one that cannot be read is answered like any other."""

    device: UUID
    account: UUID
    sent_at: AwareDatetime
    operations: Annotated[
        list[Annotated[OperationBody | Any, Field(union_mode="left_to_right")]],
        Field(max_length=MOST_OPERATIONS),
    ]


def read(item: Any, sent_at: datetime, received_at: datetime) -> Sent | None:
    """The operation; None for what is none, or holds what cannot be written down as JSON again."""
    if not isinstance(item, OperationBody):
        return None
    try:
        return item.sent(sent_at, received_at)
    except (TypeError, ValueError, RecursionError):  # numbers over 64 bit, half characters, depths
        return None


def _plain(word: object) -> str:
    return str(word).encode("utf-8", "replace").decode()


def _wrong(item: Any) -> list[dict[str, str]]:
    try:
        OperationBody.model_validate(item)
    except ValidationError as error:
        return [
            {"field": _plain(".".join(map(str, one["loc"]))), "problem": _plain(one["msg"])}
            for one in error.errors(include_context=False, include_input=False)
        ]
    return []


def unreadable(item: Any, received_at: datetime) -> dict[str, Any]:
    """The receipt of what is no operation: the fields that are wrong, as every door names them."""
    if isinstance(item, OperationBody):
        fields = [{"field": "payload", "problem": "this cannot be kept as JSON"}]
        item = {"id": item.id, "record": item.record, "kind": item.kind, "seq": item.seq}
    else:
        fields = _wrong(item)
    said: Mapping[str, Any] = item if isinstance(item, dict) else {}
    names = "、".join(dict.fromkeys(one["field"] for one in fields if one["field"]))
    return {
        **{name: _plain(said.get(name, ""))[:60] for name in ("id", "record", "kind")},
        "seq": seq if isinstance(seq := said.get("seq"), int) and 0 <= seq < 2**31 else 0,
        "state": State.REFUSED.value,
        "received_at": received_at,
        "code": "invalid_input",
        "message": {
            "zh": f"填写有误，请检查：{names or '提交的内容'}",
            "en": f"please check: {names or 'the content sent'}",
        },
        "details": {"fields": fields},
        "result": {}, "found_at": None, "done_at": None, "clock": "right", "again": False,
        "signature": "",
    }  # fmt: skip


class WordsView(BaseModel):
    zh: str
    en: str


class ReceiptView(BaseModel):
    id: str
    record: str
    kind: str
    seq: int
    state: State
    received_at: datetime
    code: str
    message: WordsView | None
    details: dict[str, Any]
    result: dict[str, Any]
    found_at: datetime | None
    done_at: datetime | None
    clock: Literal["right", "corrected", "doubtful"]
    again: bool
    signature: str


class BatchView(BaseModel):
    """Receipts in the order of the operations."""

    server_time: datetime
    log: str
    receipts: list[ReceiptView]


class PullQuery(BaseModel):
    device: UUID
    cursor: Annotated[str, Field(max_length=300)] = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 200


class ChangedView(BaseModel):
    collection: str
    id: UUID
    data: dict[str, Any]


class GoneView(BaseModel):
    """A tombstone: the phone removes the row."""

    collection: str
    id: UUID


class HoldsView(BaseModel):
    """What the phone holds of one sort, and why."""

    collection: str
    zh: str
    en: str
    count: int


class PullView(BaseModel):
    cursor: str
    anew: bool
    more: bool
    log: str
    server_time: datetime
    hold_until: datetime
    changed: list[ChangedView]
    gone: list[GoneView]
    holds: list[HoldsView]


class DeviceBody(Wire):
    """What its person knows the phone by; what is not said stays as it was."""

    name: Short | None = None
    platform: Short | None = None
    app: Short | None = None


class DeviceView(BaseModel):
    """``holds``: how many rows the server gave it."""

    id: UUID
    name: str
    platform: str
    app: str
    first_at: datetime
    seen_at: datetime
    locked_at: datetime | None
    emptied_at: datetime | None
    holds: int


class LockBody(Wire):
    """``account`` for somebody else's phone, by whoever may lock accounts."""

    account: UUID | None = None
    reason: Annotated[str, Field(max_length=200)] = ""


class CheckBody(Wire):
    operation: UUID
    signature: Annotated[str, Field(max_length=200)]


class CheckView(BaseModel):
    record: UUID
    kind: str
    state: State
    code: str
    received_at: datetime


class ConflictField(BaseModel):
    field: str
    base: Any
    mine: Any
    theirs: Any


class WhoView(BaseModel):
    id: UUID
    name: str


class DecidedView(BaseModel):
    choices: dict[str, str]
    choice: str
    note: str
    by: WhoView
    at: datetime


class ConflictView(BaseModel):
    """``about``: the case or the home in words, as far as the reader may see it."""

    id: UUID
    kind: str
    collection: str
    record: UUID
    why: Literal["fields", "proposal"]
    code: str
    about: str
    home: UUID | None
    message: WordsView | None
    fields: list[ConflictField]
    payload: dict[str, Any]
    by: WhoView
    mine: bool
    made_at: datetime
    received_at: datetime
    state: Literal["open", "decided"]
    decided: DecidedView | None


class ConflictsView(BaseModel):
    items: list[ConflictView]


class DecisionBody(Wire):
    """``id`` is made by the one who decides; fields take ``choices``, a proposal ``choice``."""

    id: UUID
    choices: Annotated[dict[str, Literal["mine", "theirs"]], Field(max_length=100)] = {}
    choice: Literal["", "take", "drop"] = ""
    note: Annotated[str, Field(max_length=2000)] = ""
