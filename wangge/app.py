"""The assembly of the HTTP side: every door, the faces built by web/, health and metrics."""

import asyncio
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psycopg
from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from wangge.areas import atlas
from wangge.dispatch.directory import directory
from wangge.kernel.cluster import cells_of, own_server
from wangge.kernel.db import Cells, transaction
from wangge.kernel.errors import NotFound, Refusal
from wangge.kernel.live import Live
from wangge.kernel.middleware import Surround
from wangge.kernel.web import add_error_answers, json
from wangge.reactions import REGISTERED
from wangge.settings import settings
from wangge.tenant.service import rules

DOORS = (
    "tenant.routes",
    "areas.routes",
    "people.routes",
    "people.live_routes",
    "audit.routes",
    "files.routes",
    "notices.routes",
    "cases.paper_routes",
    "cases.routes",
    "dispatch.routes",
    "intake.routes",
    "public_service.routes",
    "public_service.ground_routes",
    "public_service.serve_routes",
    "demo.routes",
)
WEB = Path(__file__).parent.parent / "web" / "dist"
FACES = {"r": "r.html", "w": "w.html", "desk": "desk.html"}
THREADS = 24
KEEP_SECONDS = 5


def born(names: tuple[str, ...]) -> list[str]:
    """Until every room stands, only those that do."""
    return [
        name for name in names if (Path(__file__).parent / f"{name.replace('.', '/')}.py").exists()
    ]


health = APIRouter(tags=["health"])


@health.get("/healthz", operation_id="isAlive")
def is_alive() -> dict[str, str]:
    return {"status": "ok"}


@health.get("/readyz", operation_id="isReady")
def is_ready(request: Request) -> Response:
    """Ready when the default tenant's city is loaded."""
    cells: Cells = request.app.state.cells
    tenant: str = request.app.state.default_tenant
    try:
        with transaction(cells.cell(tenant)) as tx:
            row = tx.one("select count(*) as areas from areas where level = 'grid'")
    except Refusal:
        row = None
    areas = row["areas"] if row else 0
    if not areas or (settings().home / "loading").exists():
        return json({"status": "loading"}, 503)
    return json({"status": "ready", "grids": areas})


@health.get("/metrics", operation_id="metrics")
def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _add_faces(app: FastAPI) -> None:
    """Each face is a page of its own; deep links inside it open the same page."""
    if (WEB / "assets").is_dir():
        app.mount("/assets", StaticFiles(directory=WEB / "assets"), name="assets")

    def page(name: str) -> Response:
        if not (WEB / name).is_file():
            raise NotFound(
                "web_not_built",
                "界面尚未构建：运行 make build",
                "the pages are not built: make build",
            )
        return FileResponse(WEB / name, headers={"Cache-Control": "no-cache"})

    @app.get("/", include_in_schema=False)
    def home() -> Response:
        return page("index.html")

    @app.get("/{path:path}", include_in_schema=False)
    def face(path: str) -> Response:
        first = path.split("/", maxsplit=1)[0]
        if first in FACES:
            return page(FACES[first])
        found = (WEB / path).resolve()
        if first != "api" and found.is_relative_to(WEB) and found.is_file():
            return FileResponse(found)
        if first == "api":
            raise NotFound("no_such_page", "没有这个地址", "there is no such address")
        return page("index.html")


def build(cells: Cells, *, default_tenant: str | None = None) -> FastAPI:
    """The application over ``cells``; tests build it over their own databases."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        app.state.live = Live()
        refresher = asyncio.create_task(_keep_tenants(app))
        warmer = asyncio.create_task(asyncio.to_thread(_warm, cells, app.state.default_tenant))
        yield
        refresher.cancel()
        warmer.cancel()
        await app.state.live.close()

    app = FastAPI(
        title="Wangge 网格",
        version="1",
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.cells = cells
    app.state.default_tenant = default_tenant or settings().default_tenant
    app.state.tenants = set(cells.names())
    app.state.reactions = REGISTERED
    app.state.grants = importlib.import_module("wangge.people.doors").grants
    app.include_router(health)
    for name in born(DOORS):
        app.include_router(importlib.import_module(f"wangge.{name}").router)
    add_error_answers(app)
    _add_faces(app)
    app.add_middleware(Surround)
    return app


def _warm(cells: Cells, tenant: str) -> None:
    """Read rules and areas before the first person asks; half a second that nobody waits for."""
    with suppress(Refusal, psycopg.Error), transaction(cells.cell(tenant)) as tx:
        rules(tx)
        if atlas.of(tx).areas:
            directory(tx)


async def _keep_tenants(app: FastAPI) -> None:
    """Tenants made while the process runs are answered within seconds."""
    while True:
        await asyncio.sleep(KEEP_SECONDS)
        app.state.tenants = set(await asyncio.to_thread(app.state.cells.names))


def serve() -> FastAPI:
    """For uvicorn's factory."""
    return build(cells_of(settings(), own_server(settings())))
