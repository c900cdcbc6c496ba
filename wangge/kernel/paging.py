"""Keyset paging: a cursor is where the last page ended, readable by nobody but this server."""

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from wangge.kernel.errors import Invalid


def cursor(*values: Any) -> str:
    """Values of the last row in the order of the list; strings, numbers, moments and ids."""
    return base64.urlsafe_b64encode(orjson.dumps(values, default=str)).decode().rstrip("=")


def after(text: str, *kinds: type) -> list[Any] | None:
    """The values of a cursor, each of its kind; refuses with ``bad_cursor`` what is none."""
    if not text:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(kinds):
            raise ValueError
        return [_read(kind, value) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise Invalid(
            "bad_cursor", "翻页标记无效，请回到第一页", "the page mark is not valid; start again"
        ) from None


def _read(kind: type, value: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is UUID:
        return UUID(value)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError
    return value
