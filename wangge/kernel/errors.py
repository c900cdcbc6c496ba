"""Refusals: expected, with a stable code and a sentence in both languages."""

from typing import Any

import orjson


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A rule of the domain says no; nothing was changed."""

    status = 409

    def __init__(self, code: str, zh: str, en: str, **details: Any) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.zh = zh
        self.en = en
        self.details = details

    def body(self, request_id: str) -> bytes:
        """Return the answer as it goes over the wire; the same form at every door."""
        content = {
            "code": self.code,
            "message": {"zh": self.zh, "en": self.en},
            "details": self.details,
            "request_id": request_id,
        }
        return orjson.dumps(content, default=str)


class NotFound(Refusal):
    """Absent and invisible look the same."""

    status = 404


class NotAllowed(Refusal):
    """Visible, but this step belongs to somebody else."""

    status = 403


class Invalid(Refusal):
    """The input cannot be taken as it is; ``details["field"]`` names the field if there is one."""

    status = 422


class SignInNeeded(Refusal):
    """Nobody is signed in, or the session has ended."""

    status = 401


class TooMany(Refusal):
    """A door was used more often than its limit; ``details['retry_after']`` is in seconds."""

    status = 429


class Away(Refusal):
    """The database cannot be reached, or has no room or no time; nothing was changed."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "database_away",
            "系统暂时不可用，内容没有丢失，请稍后重试",
            "the system is away for a moment; nothing you typed is lost, please send it again",
            retry_after=1,
        )
