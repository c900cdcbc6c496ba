"""What a batch, a receipt and a conflict are made of."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.kernel.errors import NotAllowed, Refusal
from wangge.kernel.operations import Operation, State

PROTOCOL = 1
SPEAKS = (PROTOCOL,)


@dataclass(frozen=True, slots=True)
class Sent:
    """One operation as the phone sent it; ``content_hash`` is over all but its place in line."""

    operation: Operation
    seq: int
    clock: str
    clock_ahead: int | None
    received_at: datetime
    said: dict[str, Any]
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class Device:
    """The phone of a batch and whose it is at the moment."""

    id: UUID
    account_id: UUID


@dataclass(slots=True)
class Receipt:
    """The answer to one operation, as it goes over the wire and is kept."""

    id: str
    record: str
    kind: str
    seq: int
    state: State
    received_at: datetime
    code: str = ""
    message: dict[str, str] | None = None
    details: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)
    found_at: datetime | None = None
    done_at: datetime | None = None
    clock: str = "right"
    again: bool = False
    signature: str = ""

    def because(self, refusal: Refusal) -> None:
        self.code = refusal.code
        self.message = {"zh": refusal.zh, "en": refusal.en}
        self.details = {**refusal.details, **self.details}

    @property
    def is_final(self) -> bool:
        return self.state is not State.LATER


class WrongVersion(Refusal):
    """The app and the server do not speak the same protocol; nothing was looked at."""

    status = 426


class DeviceLocked(Refusal):
    """Somebody has locked this phone from afar."""

    status = 423


def too_old() -> WrongVersion:
    return WrongVersion(
        "sync_too_old",
        "应用版本过旧，请更新后再同步；本机未上传的内容都还在",
        "this app is too old to sync; update it, what waits on the phone stays",
        speaks=list(SPEAKS),
    )


def too_new() -> WrongVersion:
    return WrongVersion(
        "sync_too_new",
        "服务器版本较旧，请稍后再试；本机未上传的内容都还在",
        "the server is older than this app; try again later, what waits on the phone stays",
        speaks=list(SPEAKS),
    )


def device_locked() -> DeviceLocked:
    return DeviceLocked(
        "device_locked",
        "这部手机已被远程锁定，请联系安全管理员",
        "this phone was locked from afar; ask the security administrator",
    )


def another_account() -> Refusal:
    return Refusal(
        "another_account",
        "这些内容是另一个账号填写的，请用原账号登录后上传；内容没有丢失",
        "another account typed this; sign in with that one to send it, nothing is lost",
    )


def id_taken() -> Refusal:
    return Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")


def seq_taken() -> Refusal:
    return Refusal(
        "seq_taken",
        "这一步的顺序已被占用，请重新提交",
        "this place in line is taken; send it again under a new id",
    )


def earlier_missing(expected: int) -> Refusal:
    return Refusal(
        "earlier_missing",
        "前面还有没传上来的内容，请先上传",
        "something typed before this has not come yet; send that first",
        expected=expected,
    )


def unknown_kind(name: str) -> Refusal:
    return Refusal(
        "unknown_kind",
        "服务器不认识这类内容，请更新应用；内容没有丢失",
        "the server does not know this kind; update the app, nothing is lost",
        kind=name,
    )


def broken() -> Refusal:
    return Refusal(
        "broken",
        "系统处理这一条时出错，已记下并列给管理员；内容仍在手机上，会再试几次",
        "something broke over this one; the administrator sees it; it stays and is tried again",
    )


def left_since() -> NotAllowed:
    return NotAllowed(
        "left_since",
        "岗位已结束，这一步留作建议；写的话和照片照样算数",
        "the post has ended, so this step is kept as a proposal; words and photos count",
    )


def only_before_leaving() -> NotAllowed:
    return NotAllowed(
        "made_after_leaving",
        "只收离岗前填写的内容",
        "only what was typed before the post ended is taken",
    )
