"""The API's description of itself: every door with every status that it may answer with."""

from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.responses import Response

REFUSAL = "#/components/responses/Refused"
OPEN = {"health", "public", "demo"}
SAFE = {"get", "head"}
SESSION = "wg_session"
WORDS = {"type": "object", "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}}
REFUSED: dict[str, Any] = {
    "description": "Refused: a stable code and a sentence in both languages; nothing was changed",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}}},
}
REFUSED_BODY: dict[str, Any] = {
    "title": "Refused",
    "type": "object",
    "required": ["code", "message", "details", "request_id"],
    "properties": {
        "code": {"type": "string"},
        "message": {**WORDS, "required": ["zh", "en"]},
        "details": {"type": "object", "additionalProperties": True},
        "request_id": {"type": "string"},
    },
}


class Pdf(Response):
    media_type = "application/pdf"


class Svg(Response):
    media_type = "image/svg+xml"


class EventStream(Response):
    media_type = "text/event-stream"


EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes, name: str, media_type: str = EXCEL) -> Response:
    """A file to take away under its name; no cache on the way keeps it."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)


def binary(*media_types: str) -> dict[str, Any]:
    """Describe an answer whose body is bytes of one of these kinds."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {"content": dict.fromkeys(media_types, schema)}


class DescribedApp(FastAPI):
    """Says of every door which refusals to expect, with the form that they really have."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            _complete(super().openapi())
        return super().openapi()


def _complete(description: dict[str, Any]) -> None:
    parts = description.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Refused"] = REFUSED_BODY
    parts["responses"] = {"Refused": REFUSED}
    parts["securitySchemes"] = {"session": {"type": "apiKey", "in": "cookie", "name": SESSION}}
    for methods in description["paths"].values():
        for method, operation in methods.items():
            answers = operation["responses"]
            for status in _refusals(method, operation):
                answers[status] = {"$ref": REFUSAL}
            operation["responses"] = dict(sorted(answers.items()))


def _refusals(method: str, operation: dict[str, Any]) -> set[str]:
    tags = set(operation.get("tags", ()))
    if "health" in tags:
        return set()
    found = {"404", "429"} if tags & OPEN else {"401", "403", "404"}
    found |= operation["responses"].keys() & {"409"}  # a reading door says so itself
    if operation.get("parameters") or "requestBody" in operation:
        found.add("422")
    if "requestBody" in operation:
        found.add("400")
    if method not in SAFE:
        found |= {"403", "409", "413", "422"}
    if "session" in tags:
        found.add("429")
    return found
