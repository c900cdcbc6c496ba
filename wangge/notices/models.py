"""A notice, an SMS, and the texts of both by code."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from uuid import UUID

import yaml

from wangge.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Notice:
    """Something somebody should know; ``body`` holds values, the words come from ``code``."""

    account_id: UUID
    code: str
    case_id: UUID | None = None
    body: dict[str, Any] = field(default_factory=dict)
    urgent: bool = False
    id: UUID = field(default_factory=new_id)


class SmsState(StrEnum):
    """``sent``: the gateway has it; then its receipt says which. ``withheld``: a copy is silent."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHHELD = "withheld"


class Sms(NamedTuple):
    """One SMS as people may see it: the number masked."""

    id: UUID
    phone_mask: str
    text: str
    purpose: str
    case_id: UUID | None
    state: str
    attempts: int
    error: str
    at: datetime
    sent_at: datetime | None
    receipt_at: datetime | None


class _Values(dict[str, Any]):
    """A value that nobody gave leaves a gap, for a message with a gap still arrives."""

    def __missing__(self, key: str) -> str:
        return ""


@cache
def _texts(name: str) -> dict[str, Any]:
    source = files("wangge.notices") / "texts" / f"{name}.yaml"
    texts: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return texts


def sms_text(code: str, values: dict[str, Any], *, locale: str = "zh") -> str:
    """Fill in a template; an unknown ``code`` is a KeyError, for nobody wrote its words."""
    template: str = _texts("sms")[code][locale if locale == "en" else "zh"]
    return template.format_map(_Values(values))


def notice_words(code: str, values: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Give ``title`` and ``text`` of a notice in both languages."""
    texts = _texts("notices")
    return {
        part: {
            locale: template.format_map(_Values(values)).strip()
            for locale, template in texts.get(code, texts["other"])[part].items()
        }
        for part in ("title", "text")
    }
