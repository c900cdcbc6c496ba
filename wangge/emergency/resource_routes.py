"""Doors of emergency resources: the list, keeping one, the nearest, and what is sent where."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from wangge.emergency import queries, resources, views
from wangge.emergency.history import not_found
from wangge.emergency.models import READ, Moved, ResourceKind
from wangge.emergency.rights import sight
from wangge.emergency.routes import whole
from wangge.emergency.schemas import (
    IncidentKey,
    IncidentView,
    NearResource,
    ResourceBody,
    ResourceView,
    SendBody,
)
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe

router = APIRouter(prefix="/api/v1", tags=["emergency"])
Code = Annotated[str, Query(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
Kind = ResourceKind | Literal[""]


@router.get("/emergency-resources", operation_id="listEmergencyResources",
            response_model=list[ResourceView])  # fmt: skip
def list_resources(
    tx: Db, me: Me, kind: Kind = "", able: Code = "", q: Code = ""
) -> list[dict[str, Any]]:
    """All of the city: what helps may stand next door."""
    me.must(READ)
    rows = queries.resources(tx, kind=kind, able=able, words=q.strip())
    return [views.resource(me, row) for row in rows]


@router.put("/emergency-resources/{resource_id}", operation_id="keepEmergencyResource",
            response_model=ResourceView)  # fmt: skip
def keep_resource(
    resource_id: UUID, body: ResourceBody, tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:
    """Write one down or change it."""
    me.must("incident.run")
    resources.keep(tx, me, resource_id, body.model_dump())
    row = queries.resource(tx, resource_id)
    if row is None:
        raise resources.no_such_resource()
    return views.resource(me, row)


@router.get("/incidents/{incident_id}/nearest", operation_id="nearestResources",
            response_model=list[NearResource])  # fmt: skip
def nearest(incident_id: UUID, tx: Db, me: Me, able: Code, kind: Kind = "") -> list[dict[str, Any]]:
    """The three nearest that can do it and of which something is there now."""
    row = queries.whole(tx, sight(me), incident_id)
    if row is None:
        raise not_found()
    return queries.nearest(tx, row["lon"], row["lat"], able, kind=kind)


@router.post("/incidents/{incident_id}/resources", operation_id="sendResource",
             response_model=IncidentView)  # fmt: skip
def send(incident_id: UUID, body: SendBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    resources.send(
        tx, me, incident_id, key=body.id, resource_id=body.resource_id, amount=body.amount,
        note=body.note,
    )  # fmt: skip
    return whole(tx, me, incident_id)


@router.post("/incidents/{incident_id}/resources/{sent_id}/{moved}", operation_id="moveResource",
             response_model=IncidentView)  # fmt: skip
def move(
    incident_id: UUID, sent_id: UUID, moved: Moved, body: IncidentKey, tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:
    """On site, or back in its place."""
    resources.move(tx, me, incident_id, sent_id, moved, key=body.id)
    return whole(tx, me, incident_id)
