"""The HTTP side of the kernel: one transaction per request, committed before the answer leaves."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any, TypeVar

import orjson
import structlog
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from psycopg.errors import DataError, OperationalError, UniqueViolation
from starlette.exceptions import HTTPException

from wangge.kernel import proxies
from wangge.kernel.db import Cell, Cells, Role, Tx, transaction
from wangge.kernel.errors import Away, Invalid, NotAllowed, Refusal, SignInNeeded

COOKIE = "wg_session"
SAFE = {"GET", "HEAD", "OPTIONS"}
Result = TypeVar("Result")
HOPS = ThreadPoolExecutor(24, thread_name_prefix="hop")
log = structlog.get_logger()


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def cell_of(request: Request) -> Cell:
    """The tenant of the host name's first label; the default tenant for any other host."""
    cells: Cells = request.app.state.cells
    label = request.headers.get("host", "").split(":")[0].split(".")[0].lower()
    if label in request.app.state.tenants:
        return cells.cell(label)
    return cells.cell(request.app.state.default_tenant)


def request_id(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", ""))


def address(request: Request) -> str:
    """The caller's address; `kernel.proxies` has put it in the place of a trusted proxy's."""
    return request.client.host if request.client else ""


def neighbourhood(request: Request) -> str:
    """Whose share of a limit is used: the address, of IPv6 the network of a household."""
    return proxies.neighbourhood(address(request))


def session_token(request: Request) -> bytes | None:
    token = request.cookies.get(COOKIE)
    return token_hash(token) if token else None


def check_csrf(request: Request, tx: Tx) -> None:
    if request.method in SAFE or tx.session is None:
        return
    given = request.headers.get("x-csrf-token", "").encode()
    if not hmac.compare_digest(given, tx.session.csrf.encode()):
        raise NotAllowed(
            "csrf_missing",
            "页面已过期，请刷新后重试（内容不会丢失）",
            "the page is out of date; reload",
        )


def require_session(request: Request, tx: Tx) -> None:
    if tx.session is None:
        raise _nobody(request, tx)
    check_csrf(request, tx)


def _nobody(request: Request, tx: Tx) -> SignInNeeded:
    """Say that nobody is signed in; a device whose owner has left is told to empty itself."""
    token = session_token(request)
    device = tx.one("select delivers from left_device(%s)", [token]) if token else None
    if device is None:
        return SignInNeeded("sign_in_needed", "请先登录", "please sign in")
    return SignInNeeded(
        "left_service",
        "您的岗位已结束，本机保存的工作数据将被清除",
        "your post has ended; the work data kept on this device will be removed",
        empty=True,
        delivers=device["delivers"],
    )


def signed_in(request: Request) -> Iterator[Tx]:
    """A transaction under row-level security with the scope of whoever is signed in."""
    with transaction(
        cell_of(request), "app", token=session_token(request) or b"", request_id=request_id(request)
    ) as tx:
        require_session(request, tx)
        yield tx


def unscoped(request: Request) -> Iterator[Tx]:
    """A transaction for doors that need no account; they choose what they show themselves."""
    with transaction(cell_of(request), "intake", request_id=request_id(request)) as tx:
        yield tx


Db = Annotated[Tx, Depends(signed_in, scope="function")]
PublicDb = Annotated[Tx, Depends(unscoped, scope="function")]


def in_transaction(
    request: Request, role: Role, work: Callable[[Tx], Result], *, session: bool = True
) -> Result:
    """Run ``work`` in one transaction; for hot doors, which make one hop to a thread around it."""
    token = (session_token(request) or b"") if session else None

    def once() -> Result:
        with transaction(cell_of(request), role, token=token, request_id=request_id(request)) as tx:
            if session:
                require_session(request, tx)
            return work(tx)

    try:
        return once()
    except UniqueViolation:
        # The same record came twice at the same moment: now the first one is there to be found.
        return once()


async def hop(
    request: Request, role: Role, work: Callable[[Tx], Result], *, session: bool = True
) -> Result:
    """One thread, one transaction; the executor costs half of what the framework's own hop does."""
    once = partial(in_transaction, request, role, work, session=session)
    return await asyncio.get_running_loop().run_in_executor(HOPS, once)


class Permission:
    """A dependency that refuses unless one of the account's posts grants ``name``.

    What a post grants is said by ``app.state.grants``, which the people module provides.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, request: Request, tx: Db) -> None:
        grants: Callable[[Tx], frozenset[str]] = request.app.state.grants
        if self.name not in grants(tx):
            raise not_allowed()


def not_allowed() -> NotAllowed:
    return NotAllowed("not_allowed", "您的岗位没有此项权限", "none of your posts allows this")


def json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(
        orjson.dumps(content, default=str), status, headers, media_type="application/json"
    )


def refusal_answer(request: Request, refusal: Refusal) -> Response:
    headers = {}
    if "retry_after" in refusal.details:
        headers["Retry-After"] = str(int(refusal.details["retry_after"]) + 1)
    return Response(
        refusal.body(request_id(request)), refusal.status, headers, media_type="application/json"
    )


def _invalid(error: RequestValidationError) -> Invalid:
    fields = [
        {"field": ".".join(str(part) for part in item["loc"][1:]), "problem": item["msg"]}
        for item in error.errors()
    ]
    names = "、".join(dict.fromkeys(field["field"] for field in fields if field["field"]))
    return Invalid(
        "invalid_input",
        f"填写有误，请检查：{names or '提交的内容'}",
        f"please check: {names or 'the content sent'}",
        fields=fields,
    )


HTTP_SENTENCES = {
    400: (
        "unreadable",
        "提交的内容无法读取，请重新提交",
        "what was sent cannot be read; send again",
    ),
    404: ("no_such_page", "没有这个地址", "there is no such address"),
    405: ("method_not_allowed", "此地址不支持该操作", "this address does not take that method"),
}


def add_error_answers(app: FastAPI) -> None:
    """Refusals answer with their sentence; `kernel.middleware` answers for everything else."""

    @app.exception_handler(Refusal)
    def refused(request: Request, error: Refusal) -> Response:
        return refusal_answer(request, error)

    @app.exception_handler(UniqueViolation)
    def taken(request: Request, _: UniqueViolation) -> Response:
        return refusal_answer(
            request,
            Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again"),
        )

    @app.exception_handler(OperationalError)
    def away(request: Request, error: OperationalError) -> Response:
        """Gone, full, or busy beyond its limits: the same request again finds what it left."""
        log.warning("database away", request_id=request_id(request), error=str(error).strip())
        return refusal_answer(request, Away())

    @app.exception_handler(DataError)
    def unfit(request: Request, error: DataError) -> Response:
        """What no column can hold: a NUL in a text, a number out of range."""
        log.warning("unfit value", request_id=request_id(request), error=str(error))
        return refusal_answer(
            request,
            Invalid(
                "unfit_value",
                "内容里有系统不能保存的字符或数值，请检查后重试",
                "the content holds characters or numbers that cannot be stored; please check",
            ),
        )

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return refusal_answer(request, _invalid(error))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        code, zh, en = HTTP_SENTENCES.get(
            error.status_code, ("http_error", "请求无法处理", str(error.detail))
        )
        refusal = Refusal(code, zh, en)
        refusal.status = error.status_code
        return refusal_answer(request, refusal)
