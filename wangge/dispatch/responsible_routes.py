"""The doors to who is responsible: one piece of ground by types, and the gaps of many."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from wangge.areas.models import Area
from wangge.cases.schemas import NameView
from wangge.dispatch import responsible
from wangge.dispatch.directory import directory
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.web import hop, json
from wangge.people.models import Actor
from wangge.people.roles import role

router = APIRouter(prefix="/api/v1", tags=["areas"])
MOST_GRIDS, SHOWN = 800, 500


class PersonView(BaseModel):
    """``by``: a post in the grid's own team, one there beside that in the unit, or the unit's."""

    name: str
    title: str
    role_name: NameView
    by: str


class CellView(BaseModel):
    """``gap`` says why nobody is named: no unit in the directory, or nobody on a post in it."""

    area_id: UUID
    area: str
    type: str
    type_name: NameView
    class_code: str | None
    unit: str | None
    person: PersonView | None
    gap: str


class ResponsibleView(BaseModel):
    items: list[CellView]
    next: str | None = None


class GapsView(BaseModel):
    """How many cells the matrix of grids and types has, and the first of those without anybody."""

    grids: int
    types: int
    cells: int
    empty: int
    items: list[CellView]


def _view(cell: responsible.Cell) -> dict[str, Any]:
    who = cell.person
    named = role(who["role"]) if who else None
    return {
        "area_id": cell.area.id,
        "area": cell.area.short_name,
        "type": cell.type.code,
        "type_name": {"zh": cell.type.zh, "en": cell.type.en},
        "class_code": cell.type.parent,
        "unit": cell.unit.name if cell.unit else None,
        "person": {
            "name": who["name"],
            "title": who["title"],
            "role_name": {"zh": named.zh, "en": named.en},
            "by": cell.by,
        }
        if who and named
        else None,
        "gap": cell.gap,
    }


def _asked(tx: Tx, area_id: UUID) -> Area:
    area = directory(tx).atlas.area(area_id)
    Actor.of(tx).must_at("people.read", pos=area.pos)
    return area


@router.get("/areas/{area_id}/responsible", operation_id="readResponsible",
            response_model=ResponsibleView)  # fmt: skip
async def read_responsible(area_id: UUID, request: Request) -> Response:
    """For every type of matter the unit and the person who look after it here."""

    def work(tx: Tx) -> dict[str, Any]:
        found = responsible.cells(tx, [_asked(tx, area_id)])
        return {"items": [_view(cell) for cell in found], "next": None}

    return json(await hop(request, "app", work))


@router.get("/areas/{area_id}/responsible/gaps", operation_id="readResponsibleGaps",
            response_model=GapsView)  # fmt: skip
async def read_gaps(area_id: UUID, request: Request) -> Response:
    """The matrix of all grids and types on an area: how many cells are empty, and which."""

    def work(tx: Tx) -> dict[str, Any]:
        grids = responsible.grids_of(tx, _asked(tx, area_id))
        if len(grids) > MOST_GRIDS:
            raise Invalid(
                "too_many_grids",
                f"网格超过 {MOST_GRIDS} 个，请选小一级的区域",
                f"more than {MOST_GRIDS} grids; choose a smaller area",
                field="area_id",
            )
        found = list(responsible.cells(tx, grids))
        empty = [cell for cell in found if cell.gap]
        return {
            "grids": len(grids),
            "types": len(found) // len(grids),
            "cells": len(found),
            "empty": len(empty),
            "items": [_view(cell) for cell in empty[:SHOWN]],
        }

    return json(await hop(request, "app", work))
