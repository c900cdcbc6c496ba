"""Who is at the door: the signed-in person as a dependency, on either login role."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request

from wangge.kernel.db import Tx, transaction
from wangge.kernel.web import Db, cell_of, request_id, require_session, session_token
from wangge.people.models import Actor


def grants(tx: Tx) -> frozenset[str]:
    """Everything that the signed-in person's posts allow today; the kernel asks here."""
    return Actor.of(tx).permissions


def actor(tx: Db) -> Actor:
    return Actor.of(tx)


Me = Annotated[Actor, Depends(actor)]


def unwalled(request: Request) -> Iterator[Tx]:
    """Open the signed-in person's transaction past row-level security; the door checks rights."""
    with transaction(
        cell_of(request),
        "intake",
        token=session_token(request) or b"",
        request_id=request_id(request),
    ) as tx:
        require_session(request, tx)
        yield tx


OfficeDb = Annotated[Tx, Depends(unwalled, scope="function")]


def office_actor(tx: OfficeDb) -> Actor:
    return Actor.of(tx)


OfficeMe = Annotated[Actor, Depends(office_actor)]
