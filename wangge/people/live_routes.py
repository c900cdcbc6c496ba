"""The live line of a signed-in screen: it hears of what its posts may see, as long as they last."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from wangge.kernel.description import EventStream
from wangge.kernel.live import Listener, Live
from wangge.kernel.web import cell_of, in_transaction
from wangge.people.models import Actor

router = APIRouter(prefix="/api/v1", tags=["live"])


@router.get("/live", operation_id="live", response_class=EventStream)
async def live(request: Request) -> StreamingResponse:
    """Server-sent events: ``fact`` with a name and a subject; the screen reads anew what it shows.

    No connection of the database is held. The stream ends after ten minutes and when a post of
    the account begins or ends; the browser opens it again with the rights of the day.
    """
    actor = await run_in_threadpool(in_transaction, request, "app", Actor.of)
    lines: Live = request.app.state.live
    stream = await lines.stream(cell_of(request))
    listener = Listener(actor.id, list(actor.scope), actor.unit_ids)
    return StreamingResponse(
        stream.events(listener),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
