"""The assembly of the HTTP side: every door, the faces built by web/, health and metrics."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psycopg
from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.datastructures import Headers
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from wangge.alerts import routes as alerts_routes
from wangge.areas import atlas
from wangge.areas import routes as areas_routes
from wangge.audit import routes as audit_routes
from wangge.basemaps import routes as basemaps_routes
from wangge.basemaps.service import page_headers
from wangge.cases import archive_routes as cases_archive_routes
from wangge.cases import complaint_routes as cases_complaint_routes
from wangge.cases import contact_routes as cases_contact_routes
from wangge.cases import desk_routes as cases_desk_routes
from wangge.cases import ground_routes as cases_ground_routes
from wangge.cases import household_routes as cases_household_routes
from wangge.cases import indicator_routes as cases_indicator_routes
from wangge.cases import joined_routes as cases_joined_routes
from wangge.cases import law_routes as cases_law_routes
from wangge.cases import misroute_routes as cases_misroute_routes
from wangge.cases import own_routes as cases_own_routes
from wangge.cases import paper_routes as cases_paper_routes
from wangge.cases import routes as cases_routes
from wangge.cases import task_routes as cases_task_routes
from wangge.cases import telling_routes as cases_telling_routes
from wangge.cases import untold_routes as cases_untold_routes
from wangge.cockpit import routes as cockpit_routes
from wangge.command import routes as command_routes
from wangge.demo import routes as demo_routes
from wangge.dispatch import property_routes as dispatch_property_routes
from wangge.dispatch import responsible_routes as dispatch_responsible_routes
from wangge.dispatch import routes as dispatch_routes
from wangge.dispatch import rule_routes
from wangge.dispatch.directory import directory
from wangge.emergency import resource_routes as emergency_resource_routes
from wangge.emergency import routes as emergency_routes
from wangge.estates import routes as estates_routes
from wangge.feedback import routes as feedback_routes
from wangge.fieldwork import check_routes as fieldwork_check_routes
from wangge.fieldwork import day_routes as fieldwork_day_routes
from wangge.fieldwork import help_routes as fieldwork_help_routes
from wangge.fieldwork import plan_routes as fieldwork_plan_routes
from wangge.fieldwork import routes as fieldwork_routes
from wangge.fieldwork import service_routes as fieldwork_service_routes
from wangge.files import routes as files_routes
from wangge.files import upload_routes as files_upload_routes
from wangge.groups import routes as groups_routes
from wangge.handovers import routes as handovers_routes
from wangge.handovers import shift_routes as handovers_shift_routes
from wangge.hotline import routes as hotline_routes
from wangge.intake import hearing_routes as intake_hearing_routes
from wangge.intake import routes as intake_routes
from wangge.intake import splitting_routes as intake_splitting_routes
from wangge.kernel import collector
from wangge.kernel.cluster import cells_of, own_server
from wangge.kernel.db import Cells, transaction
from wangge.kernel.description import EXCEL, DescribedApp
from wangge.kernel.direct import ShortWay
from wangge.kernel.errors import NotFound, Refusal
from wangge.kernel.live import Live
from wangge.kernel.middleware import Surround
from wangge.kernel.web import add_error_answers, cell_of, json
from wangge.mailbox import public_routes as mailbox_public_routes
from wangge.mailbox import routes as mailbox_routes
from wangge.mailbox import talk_routes as mailbox_talk_routes
from wangge.notices import routes as notices_routes
from wangge.people import live_routes as people_live_routes
from wangge.people import routes as people_routes
from wangge.people.doors import grants
from wangge.public_service import following_routes as public_service_following_routes
from wangge.public_service import ground_routes as public_service_ground_routes
from wangge.public_service import letter_routes as public_service_letter_routes
from wangge.public_service import mine_routes as public_service_mine_routes
from wangge.public_service import routes as public_service_routes
from wangge.public_service import serve_routes as public_service_serve_routes
from wangge.reactions import REGISTERED
from wangge.registers import routes as registers_routes
from wangge.settings import settings
from wangge.studies import analysis_routes as studies_analysis_routes
from wangge.studies import explore_routes as studies_explore_routes
from wangge.studies import open_routes as studies_open_routes
from wangge.studies import outcome_routes as studies_outcome_routes
from wangge.studies import survey_routes as studies_survey_routes
from wangge.supervision import routes as supervision_routes
from wangge.sync import routes as sync_routes
from wangge.teams import party_routes as teams_party_routes
from wangge.teams import routes as teams_routes
from wangge.tenant import routes as tenant_routes
from wangge.tenant.service import last_read, rules
from wangge.video import routes as video_routes
from wangge.whistles import member_routes as whistles_member_routes
from wangge.whistles import routes as whistles_routes

# A telephone starts with 220 kB of answers; packed at the least effort they are a sixth of it.
PACKED_FROM = 2_000
PACKED_ALREADY = (
    "application/octet-stream",
    "application/pdf",
    EXCEL,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.pmtiles",
)
DOORS = (
    tenant_routes.router,
    areas_routes.router,
    people_routes.router,
    people_live_routes.router,
    audit_routes.router,
    files_routes.router,
    files_upload_routes.router,
    basemaps_routes.router,
    notices_routes.router,
    registers_routes.router,
    cases_household_routes.router,
    cases_contact_routes.router,
    cases_telling_routes.router,
    cases_untold_routes.router,
    cases_complaint_routes.router,
    cases_own_routes.router,
    cases_law_routes.router,
    cases_paper_routes.router,
    cases_joined_routes.router,
    cases_archive_routes.router,
    cases_desk_routes.router,
    cases_routes.router,
    cases_task_routes.router,
    cases_indicator_routes.router,
    cases_ground_routes.router,
    cases_misroute_routes.router,
    whistles_routes.router,
    whistles_member_routes.router,
    whistles_member_routes.blowing_router,
    teams_party_routes.router,
    teams_routes.router,
    dispatch_routes.router,
    dispatch_responsible_routes.router,
    dispatch_property_routes.router,
    estates_routes.router,
    feedback_routes.router,
    supervision_routes.router,
    handovers_routes.router,
    handovers_shift_routes.router,
    rule_routes.router,
    intake_routes.router,
    intake_splitting_routes.router,
    intake_hearing_routes.router,
    sync_routes.router,
    hotline_routes.router,
    mailbox_routes.router,
    mailbox_talk_routes.router,
    mailbox_public_routes.router,
    public_service_routes.router,
    public_service_following_routes.router,
    public_service_ground_routes.router,
    public_service_serve_routes.router,
    public_service_letter_routes.router,
    public_service_mine_routes.router,
    fieldwork_routes.router,
    fieldwork_service_routes.router,
    fieldwork_day_routes.router,
    fieldwork_plan_routes.router,
    fieldwork_help_routes.router,
    fieldwork_check_routes.router,
    groups_routes.router,
    groups_routes.case_router,
    groups_routes.public_router,
    video_routes.router,
    video_routes.case_router,
    emergency_routes.router,
    emergency_resource_routes.router,
    alerts_routes.router,
    command_routes.router,
    cockpit_routes.router,
    studies_survey_routes.router,
    studies_survey_routes.public_router,
    studies_analysis_routes.router,
    studies_explore_routes.router,
    studies_outcome_routes.router,
    studies_open_routes.router,
    demo_routes.router,
)
WEB = Path(__file__).parent.parent / "web" / "dist"
FACES = {"r": "r.html", "w": "w.html", "desk": "desk.html", "wall": "wall.html"}
WITH_MAPS = {"desk", "wall"}
THREADS = 24
KEEP_SECONDS = 5


health = APIRouter(tags=["health"])


@health.get("/healthz", operation_id="isAlive")
def is_alive() -> dict[str, str]:
    return {"status": "ok"}


@health.get("/readyz", operation_id="isReady", responses={503: {"description": "Loading"}})
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


@health.get("/metrics", operation_id="metrics", response_class=PlainTextResponse)
def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


class Hashed(StaticFiles):
    """Files whose names change with their content: packed once, and asked for once by a browser."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)
        self.packed: dict[str, bytes] = {}

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if not isinstance(answer, FileResponse):
            return answer
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        answer.headers["Vary"] = "Accept-Encoding"
        if "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            return answer
        if path not in self.packed:
            self.packed[path] = await asyncio.to_thread(_packed, Path(answer.path))
        return Response(
            self.packed[path],
            media_type=answer.media_type,
            headers={
                name: value
                for name, value in answer.headers.items()
                if name in {"cache-control", "vary", "etag", "last-modified"}
            }
            | {"Content-Encoding": "gzip"},
        )


def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def _add_faces(app: FastAPI) -> None:
    """Each face is a page of its own; deep links inside it open the same page."""
    if (WEB / "assets").is_dir():
        app.mount("/assets", Hashed(WEB / "assets"), name="assets")

    def page(name: str, **headers: str) -> Response:
        if not (WEB / name).is_file():
            raise NotFound(
                "web_not_built",
                "界面尚未构建：运行 make build",
                "the pages are not built: make build",
            )
        return FileResponse(WEB / name, headers={"Cache-Control": "no-cache", **headers})

    @app.get("/", include_in_schema=False)
    def home() -> Response:
        return page("index.html")

    @app.get("/open", include_in_schema=False)
    def open_figures() -> Response:
        """The address that a city prints; the page is one of the residents'."""
        return RedirectResponse("/r/open")

    @app.get("/{path:path}", include_in_schema=False)
    def face(path: str, request: Request) -> Response:
        first = path.split("/", maxsplit=1)[0]
        if first in FACES:
            return page(FACES[first], **(_of_maps(request) if first in WITH_MAPS else {}))
        found = (WEB / path).resolve()
        if first != "api" and found.is_relative_to(WEB) and found.is_file():
            return FileResponse(found, headers={"Cache-Control": "no-cache"})
        if first == "api":
            raise NotFound("no_such_page", "没有这个地址", "there is no such address")
        return page("index.html")


def _of_maps(request: Request) -> dict[str, str]:
    """Headers for a page with maps; a page opens also while the database is away."""
    cell = cell_of(request)
    known = last_read(cell.tenant)
    with suppress(Refusal, psycopg.Error), transaction(cell) as tx:
        known = rules(tx)
    return page_headers(known.basemap) if known else {}


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

    app = DescribedApp(
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
    app.state.grants = grants
    app.include_router(health)
    for door in DOORS:
        app.include_router(door)
    add_error_answers(app)
    _add_faces(app)
    app.add_middleware(ShortWay, routes=[route for door in DOORS for route in door.routes])
    app.add_middleware(
        GZipMiddleware,
        minimum_size=PACKED_FROM,
        compresslevel=1,
        exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, *PACKED_ALREADY),
    )
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
        with suppress(psycopg.OperationalError):  # away: those known are known still
            app.state.tenants = set(await asyncio.to_thread(app.state.cells.names))


def serve() -> FastAPI:
    """For uvicorn's factory."""
    app = build(cells_of(settings(), own_server(settings())))
    collector.begin()
    return app
