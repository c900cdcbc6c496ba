"""Doors of early warnings: cards, answering them, the rules with their record, the preview."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from wangge.alerts import queries, schemas, service, trying, views
from wangge.alerts.models import Box
from wangge.kernel import paging
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.tenant.permissions import EDIT
from wangge.tenant.service import rules, with_body

router = APIRouter(prefix="/api/v1/alerts", tags=["alerts"])


def whole(tx: Tx, actor: Actor, key: UUID) -> dict[str, Any]:
    row = queries.one(tx, key)
    if row is None or not actor.may("case.read"):
        raise service.not_found()
    return views.view(tx, actor, row)


@router.get("", operation_id="listAlerts", response_model=schemas.AlertPage)
def list_alerts(
    tx: Db,
    me: Me,
    box: Box = Box.OPEN,
    rule: Annotated[str, Query(max_length=60)] = "",
    cursor: Annotated[str, Query(max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """Cards of one's ground, newest first: not ended yet, or ended."""
    me.must("case.read")
    found = queries.page(tx, box, rule, paging.after(cursor, datetime, UUID), limit)
    last = found[-1] if len(found) == limit else None
    mark = last and paging.cursor(last["ended_at" if box is Box.ENDED else "at"], last["id"])
    return {"items": views.cards(tx, found), "next": mark}


@router.get("/rules", operation_id="listAlertRules", response_model=schemas.AlertRulePage)
def list_rules(tx: Db, me: Me) -> dict[str, Any]:
    """The rules in force, each with its record on one's ground: false alarms are counted too."""
    me.must("case.read")
    known = rules(tx)
    return {"version": known.versions.get("alerts", 0), "items": views.records(tx, known)}


@router.post("/preview", operation_id="previewAlertRule", response_model=schemas.AlertTrialView)
def preview(body: schemas.AlertTrial, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Which cards a rule would have made of the past; nothing is written and nobody is told."""
    me.must(EDIT)
    known = with_body(tx, "alerts", {"rules": [body.rule]})
    if not known.alerts.rules:
        raise Invalid("rules_invalid", "规则是空的", "there is no rule", field="rule")
    rule = known.alerts.rules[0]
    row = service.record(tx).get(rule.code)
    return {
        **trying.preview(tx, known, rule, body.days),
        "record": views.record(rule, row) if row else None,
    }


@router.get("/{alert_id}", operation_id="readAlert", response_model=schemas.AlertView)
def read_alert(alert_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    """The card with the figures that made it and the cases behind it that one may see."""
    return whole(tx, me, alert_id)


@router.post("/{alert_id}/acknowledge", operation_id="acknowledgeAlert",
             response_model=schemas.AlertView)  # fmt: skip
def acknowledge_alert(alert_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    """Whoever holds it says that he looks into it; a repeat changes nothing."""
    service.acknowledge(tx, me, alert_id)
    return whole(tx, me, alert_id)


@router.post("/{alert_id}/end", operation_id="endAlert", response_model=schemas.AlertCard)
def end_alert(
    alert_id: UUID, body: schemas.AlertEnding, tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:  # fmt: skip
    """Turned into a case, settled, or a false alarm; always with a reason."""
    service.end(
        tx, me, alert_id, outcome=body.outcome, reason=body.reason.strip(), case_id=body.case_id
    )
    row = queries.one(tx, alert_id)
    if row is None:
        raise service.not_found()
    return views.card(rules(tx), tx, row)
