"""Answers of which a part may be asked for (RFC 9110, 14)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import Request, Response
from starlette.responses import StreamingResponse

RANGE = re.compile(r"bytes=(\d*)-(\d*)")
RANGED: dict[int | str, dict[str, Any]] = {
    206: {"description": "The part that was asked for"},
    416: {"description": "There is no such part"},
}


def ranged(
    request: Request,
    length: int,
    read: Callable[[int, int], Iterator[bytes]],
    headers: dict[str, str],
    *,
    media_type: str,
) -> Response:
    """The whole of ``length`` bytes, or the part that the request names."""
    headers |= {"Accept-Ranges": "bytes"}
    start, end, status = 0, length, 200
    asked = RANGE.fullmatch(request.headers.get("range", "").strip())
    if asked and any(asked.groups()):
        start, end = _span(asked.group, length)
        if start >= length or start >= end:
            headers["Content-Range"] = f"bytes */{length}"
            return Response(status_code=416, headers=headers)
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{length}"
        status = 206
    headers["Content-Length"] = str(end - start)
    return StreamingResponse(read(start, end), status, headers, media_type=media_type)


def _span(group: Callable[[int], str], length: int) -> tuple[int, int]:
    first, last = group(1), group(2)
    if not first:
        return max(0, length - int(last)), length
    return int(first), min(length, int(last) + 1 if last else length)
