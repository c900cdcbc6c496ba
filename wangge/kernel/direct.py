"""The short way to a door: from the address straight to its function, past the framework.

A door takes it when its function asks for nothing but ids in its path, one model of the body or the
query, and the request. The framework describes these doors too, and it answers whatever does not
fit, so a refusal of wrong input is the same on both ways.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any, get_origin
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request, Response, params
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.routing import BaseRoute

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

ID = re.compile(r"(?<=/)[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![^/])")
HOLE = "{}"


@dataclass(frozen=True, slots=True)
class Input:
    """The one model that a door reads; ``lists`` are the query's words that may be repeated."""

    name: str
    model: type[BaseModel]
    lists: frozenset[str]

    def from_query(self, query: bytes) -> BaseModel:
        asked: dict[str, Any] = {}
        for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
            if name in self.lists:
                asked.setdefault(name, []).append(value)
            else:
                asked[name] = value
        return self.model.model_validate(asked)


@dataclass(frozen=True, slots=True)
class Door:
    """How a door's function is called on the short way."""

    endpoint: Callable[..., Awaitable[Response]]
    ids: tuple[str, ...]
    request: str | None
    body: Input | None
    query: Input | None

    def values(self, request: Request, body: bytes) -> dict[str, Any]:
        """Raise ``ValidationError`` when something does not fit."""
        found: dict[str, Any] = {}
        if self.ids:
            found.update(zip(self.ids, map(UUID, ID.findall(request.scope["path"])), strict=True))
        if self.request:
            found[self.request] = request
        if self.body:
            found[self.body.name] = self.body.model.model_validate_json(body)
        if self.query:
            found[self.query.name] = self.query.from_query(request.scope["query_string"])
        return found


class ShortWay:
    """Answers for those of ``routes`` that may take it, and hands on everything else."""

    def __init__(self, app: App, routes: Iterable[BaseRoute]) -> None:
        self.app = app
        self.doors: dict[tuple[str, str], Door] = {}
        for route in routes:
            if isinstance(route, APIRoute) and (door := door_of(route)):
                shape = re.sub(r"{\w+}", HOLE, route.path_format)
                self.doors |= {(method, shape): door for method in route.methods or ()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = self._found(scope)
        if door is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        heard: list[Message] = []
        try:
            values = door.values(request, await _whole(receive, heard) if door.body else b"")
        except (ValidationError, _LeftError):
            await self.app(scope, _again(heard, receive), send)
            return
        try:
            answer = await door.endpoint(**values)
        except Exception as error:  # noqa: BLE001 - the application's own answers to errors follow
            answer = _refusal(request, error)
        await answer(scope, receive, send)

    def _found(self, scope: Scope) -> Door | None:
        if scope["type"] != "http":
            return None
        door = self.doors.get((scope["method"], ID.sub(HOLE, scope["path"])))
        return None if door and door.body and not _is_json(scope) else door


def door_of(route: APIRoute) -> Door | None:
    """Read it off the framework's own picture; None for a door that asks for anything more."""
    asks = route.dependant
    models: list[Any] = [*asks.body_params, *asks.query_params]
    more = [
        *asks.dependencies, *asks.header_params, *asks.cookie_params, *models[1:],
        asks.response_param_name, asks.background_tasks_param_name,
        asks.http_connection_param_name, asks.security_scopes_param_name,
        *(one for one in asks.path_params if one.field_info.annotation is not UUID),
        *(one for one in models if not _is_model(one.field_info)),
    ]  # fmt: skip
    if (
        any(more)
        or not inspect.iscoroutinefunction(route.endpoint)
        or inspect.signature(route.endpoint).return_annotation is not Response
    ):
        return None
    kinds = [(one.name, one.field_info.annotation) for one in models]
    inputs = [Input(name, kind, _lists(kind)) for name, kind in kinds]
    return Door(
        route.endpoint,
        tuple(re.findall(r"{(\w+)}", route.path_format)),
        asks.request_param_name,
        inputs[0] if asks.body_params else None,
        inputs[0] if asks.query_params else None,
    )


def _is_model(info: Any) -> bool:
    kind = info.annotation
    is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
    return is_model and not isinstance(info, params.Form)


def _lists(model: type[BaseModel]) -> frozenset[str]:
    fields = model.model_fields.items()
    return frozenset(name for name, field in fields if get_origin(field.annotation) is list)


def _is_json(scope: Scope) -> bool:
    given = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    kind: bytes = given.split(b";")[0].strip().lower()
    return kind == b"application/json"


class _LeftError(Exception):
    """Whoever asked has left before the body was whole."""


async def _whole(receive: Receive, heard: list[Message]) -> bytes:
    more = True
    while more:
        message = await receive()
        heard.append(message)
        if message["type"] != "http.request":
            raise _LeftError
        more = message.get("more_body", False)
    return b"".join(message.get("body", b"") for message in heard)


def _again(heard: list[Message], receive: Receive) -> Receive:
    """What was heard already, and then what comes."""
    waiting = iter(heard)

    async def once_more() -> Message:
        return next(waiting, None) or await receive()

    return once_more


def _refusal(request: Request, error: Exception) -> Response:
    """The application's answer to this kind of error; raises what it has none for."""
    for kind in type(error).__mro__:
        if handler := request.app.exception_handlers.get(kind):
            answer: Response = handler(request, error)
            return answer
    raise error
