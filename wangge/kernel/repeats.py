"""What was sent twice: the same content by the same account answers as before, other is refused."""

import hashlib
from typing import Any
from uuid import UUID

import orjson

from wangge.kernel.errors import Refusal


def fingerprint(by: UUID, said: Any) -> bytes:
    """Equal for equal words by the same account; ``said`` is a dataclass or plain values."""
    plain = orjson.dumps({"by": by, "said": said}, default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(plain).digest()


def is_repeat(known: dict[str, Any] | None, said: bytes, *, key: str = "request_hash") -> bool:
    """Whether the row that holds the id was made of the same; refuses when of something else."""
    if known is None:
        return False
    if bytes(known[key]) != said:
        raise Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")
    return True
