"""一诉多件: several matters told in one call, each taken out as a case of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from wangge.cases.models import Action, Mode, State, StepInput
from wangge.cases.service import check_version, locked, step_of_account, step_of_system
from wangge.cases.workflow import LOOP
from wangge.intake.models import AskerWords, Receipt, Report, Source
from wangge.intake.service import receive_many, send_code
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor

MOST = 10
ASKER = "select mode, name_sealed, phone_sealed, locale from case_askers where case_id = %s"
ALARMED = "select 1 from alarms where case_id = %s and acknowledged_at is null"
CARRIES = "select 1 from case_merges where lead_id = %s and undone_at is null"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the matters; what is left out is as in the case it is taken from."""

    id: UUID
    text: str
    type: str | None = None
    lon: float | None = None
    lat: float | None = None
    area_id: UUID | None = None
    place_words: str = ""
    asker: AskerWords | None = None


def split(
    tx: Tx, actor: Actor, case_id: UUID, parts: Sequence[Part], step: StepInput, *, whole: bool
) -> list[Receipt]:
    """Open a case for each part; ``whole``: nothing is left of the case itself, it ends split up.

    The transaction sees past row-level security, because a part may belong to another desk; that
    the case is this person's own desk's is for the door to know. A repeat answers as the first did.
    """
    _check_parts(parts, whole=whole)
    case = locked(tx, case_id)
    repeated = tx.one("select 1 from case_steps where id = %s", [step.id]) is not None
    if not repeated:
        check_version(tx, case, step.version)
        _check_case(tx, case, whole=whole)
    asker = _asker(tx, case_id)
    receipts = [
        receipt
        for part in parts
        for receipt in receive_many(tx, [_report(case, part, *asker)], Source(actor))
    ]
    data = {"parts": [{"id": str(one.id), "number": one.number} for one in receipts]}
    action = Action.SPLIT_UP if whole else Action.SPLIT
    step_of_account(tx, actor, case_id, replace(step, action=action, data=data, version=None))
    if not repeated:
        _link(tx, case, list(zip(parts, receipts, strict=True)), step.id)
    return receipts


def _check_parts(parts: Sequence[Part], *, whole: bool) -> None:
    if not 1 <= len(parts) <= MOST or len({part.id for part in parts}) != len(parts):
        raise Invalid("bad_parts", f"请分成 1 至 {MOST} 件", f"1 to {MOST} parts", field="parts")
    if whole and len(parts) == 1:
        raise Invalid(
            "one_part_is_no_split",
            "全部分拆至少要分成两件",
            "splitting up needs two parts at least",
            field="parts",
        )


def _check_case(tx: Tx, case: dict[str, Any], *, whole: bool) -> None:
    LOOP.move(State(case["state"]), Action.SPLIT_UP if whole else Action.SPLIT)
    if case["about_unit"] or case["about_account"]:
        raise Refusal(
            "complaint_not_split",
            "这件事项指明了反映对象，不能分拆；其余的事请另行代录",
            "it says whom it is about, so it is not split; take the rest down by itself",
        )
    if whole and tx.one(ALARMED, [case["id"]]):
        raise Refusal(
            "alarm_open",
            "紧急告警还没有人接手，请先接手再处理",
            "its alarm is in nobody's hand yet; take it in hand first",
        )
    if whole and tx.one(CARRIES, [case["id"]]):
        raise Refusal(
            "carries_others",
            "有其他事项并入了这一件，请先撤销并案，或保留本件只分出一部分",
            "others are merged into this case; undo that first, or keep it and split off a part",
        )


def _report(case: dict[str, Any], part: Part, asker: AskerWords | None, locale: str) -> Report:
    """The part as it would have been told by itself, at the time when it was told."""
    own_place = part.lon is not None or part.area_id is not None
    lon, lat = (part.lon, part.lat) if own_place else (case["lon"], case["lat"])
    who = part.asker or asker
    return Report(
        id=part.id,
        text=part.text,
        channel=case["channel"],
        kind=case["kind"],
        type=part.type,
        lon=lon,
        lat=lat,
        area_id=part.area_id if own_place else (case["area_id"] if lon is None else None),
        place_words=part.place_words or ("" if own_place else case["place_words"]),
        found_at=case["found_at"],
        reported_at=case["reported_at"],
        asker=who,
        wants_code=who is not None,
        source_ref=case["source_ref"],
        locale=locale,
    )


def _asker(tx: Tx, case_id: UUID) -> tuple[AskerWords | None, str]:
    """Whoever asked for all of it asks for each part, as far as he wants to be known."""
    row = tx.one(ASKER, [case_id])
    if row is None:
        return None, "zh"
    name, phone = (
        crypto.open_(tx.cell.tenant, row[field]) if row[field] else ""
        for field in ("name_sealed", "phone_sealed")
    )
    return AskerWords(name, phone, Mode(row["mode"])), row["locale"]


def _link(
    tx: Tx, case: dict[str, Any], opened: Sequence[tuple[Part, Receipt]], step_id: UUID
) -> None:
    """Each part's own history begins with where it comes from, and its asker gets his code."""
    tx.insert(
        "case_parts",
        [
            {
                "part_id": one.id,
                "origin_id": case["id"],
                "step_id": step_id,
                "same_asker": part.asker is None,
                "at": tx.now,
            }
            for part, one in opened
        ],
    )
    for _, one in opened:
        line = StepInput(id=new_id(), action=Action.SPLIT, data={"from": case["number"]})
        step_of_system(tx, locked(tx, one.id), line)
        send_code(tx, one)
