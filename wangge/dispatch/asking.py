"""Who hears of a request: those who have to decide it, and what became of it those who asked."""

from typing import Any
from uuid import UUID, uuid5

from wangge.cases.models import Action
from wangge.cases.request_kinds import ASKED_BY, BY_CODE, DECIDED_BY
from wangge.cases.request_views import kind_name
from wangge.cases.requesting import Request
from wangge.cases.requests import deciders
from wangge.kernel.db import Tx
from wangge.notices import service as notices
from wangge.tenant.service import rules

LATEST = """
select r.*, c.number, c.title as case_title, c.holder_id, c.handler_id, c.emergency
from case_requests r join cases c on c.id = r.case_id
where r.case_id = %s and r.kind = %s order by r.asked_at desc, r.id desc limit 1
"""
HEARD = frozenset({*ASKED_BY, *DECIDED_BY, Action.RAISE_REQUEST})


def kinds_of(action: str) -> list[str]:
    """The kinds of which somebody is to hear after the step."""
    if action == Action.RAISE_REQUEST:
        return list(BY_CODE)
    kind = ASKED_BY.get(Action(action)) or DECIDED_BY.get(Action(action))
    return [kind.code] if kind else []


def tell(tx: Tx, case_id: UUID, action: str, *, key: UUID) -> None:
    """One notice for each who is concerned; with the same ``key`` each stands once."""
    for kind in kinds_of(action):
        request = tx.one(LATEST, [case_id, kind])
        if request:
            _tell(tx, request, action, key)


def _tell(tx: Tx, request: Request, action: str, key: UUID) -> None:
    name = kind_name(rules(tx), request["kind"])
    body: dict[str, Any] = {
        "number": request["number"], "title": request["case_title"],
        "asked": name["zh"], "asked_en": name["en"],
    }  # fmt: skip
    if request["status"] == "pending":
        code = "request_raised" if action == Action.RAISE_REQUEST else "request_asked"
        people = deciders(tx, request)
    elif request["status"] in ("granted", "refused") and action != Action.RAISE_REQUEST:
        code = f"request_{request['status']}"
        people = [one for one in {request["account_id"], request["holder_id"]} if one]
    else:
        return
    notices.notify(
        tx,
        [
            notices.Notice(
                account_id=account, code=code, case_id=request["case_id"], body=body,
                urgent=bool(request["emergency"]), id=uuid5(key, f"{request['id']}{account}"),
            )
            for account in people
        ],
    )  # fmt: skip
