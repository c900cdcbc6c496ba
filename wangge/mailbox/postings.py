"""公示: what was asked, what was decided and when it is done, without anybody in it.

The words are the desk's own. What would tell who somebody is is looked for and refused, with the
masked sentence to take instead; the public learns a stage and days, never a number or a place
finer than the community.
"""

import secrets
from datetime import tzinfo
from typing import Any
from uuid import UUID

from wangge.areas import atlas
from wangge.areas.models import Area, Level
from wangge.audit import service as audit
from wangge.cases.complaints import is_about
from wangge.cases.models import Mode, State
from wangge.cases.service import locked
from wangge.intake.reading import LETTERS
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.mailbox import queries
from wangge.mailbox.history import tell_case
from wangge.mailbox.models import LetterKind
from wangge.mailbox.privacy import NAMES, look, masked
from wangge.mailbox.rights import no_such_letter, no_such_posting
from wangge.mailbox.telling import moved
from wangge.people.models import Actor
from wangge.tenant.service import rules

STAGES = ("received", "handling", "done")
STAGE_OF = {
    State.REPORTED: 0, State.VERIFYING: 0, State.ACCEPTED: 0, State.REGISTERED: 0,
    State.CLOSED: 2, State.EVALUATED: 2, State.DECLINED: 2, State.WITHDRAWN: 2, State.SPLIT: 2,
}  # fmt: skip
ASKER = "select mode, name_sealed from case_askers where case_id = %s"
PROMISED = """
select max(t.promised_on) as day from mailbox_talk_cases t join mailbox_talks k on k.id = t.talk_id
where t.case_id = %s and k.state <> 'cancelled'
"""
POST = """
insert into mailbox_postings (case_id, code, kind, asked, decided, promised_on, pos, area_id,
    posted_by, at)
values (%(case)s, %(code)s, %(kind)s, %(asked)s, %(decided)s, %(on)s, %(pos)s, %(area)s, %(by)s,
    %(now)s)
on conflict (case_id) do update set asked = excluded.asked, decided = excluded.decided,
    promised_on = excluded.promised_on, posted_by = excluded.posted_by, withdrawn_at = null,
    kind = excluded.kind
"""


def clean(text: str, field: str, known: list[str], *, mask: bool) -> str:
    """The text if nobody is in it, or what is left of it masked; else refuse and show both."""
    words = text.strip()
    if not words:
        raise Invalid("field_needed", "请填写公示内容", "say what is posted", field=field)
    found = look(words, known)
    if not found:
        return words
    without = masked(words, found)
    if mask:
        return without
    kinds = list(dict.fromkeys(one.kind for one in found))
    raise Invalid(
        "personal_data",
        f"公示内容里有{'、'.join(NAMES[kind][0] for kind in kinds)}，请改写，或采用隐去后的文字",
        f"the text holds {', '.join(NAMES[kind][1] for kind in kinds)};"
        " rewrite it, or take the masked sentence",
        field=field,
        found=[{"kind": one.kind, "words": one.words} for one in found],
        masked=without,
    )


def post(
    tx: Tx, actor: Actor, case_id: UUID, *, asked: str, decided: str, mask: bool = False
) -> str:
    """Post a letter's matter, or change what is posted; returns the code of its public page."""
    matter = tx.one("select kind from mailbox_matters where case_id = %s", [case_id])
    if matter is None:
        raise no_such_letter()
    case = locked(tx, case_id)
    if is_about(actor, case) or not actor.may_at("mailbox.post", desk_id=case["desk_id"]):
        raise no_such_letter()
    asker = tx.one(ASKER, [case_id]) or {}
    if asker.get("mode") == Mode.CONFIDENTIAL:
        raise Invalid(
            "confidential_not_released",
            "反映人要求保密，这件事项不能公开",
            "its asker wants to stay unknown, so it is not released",
        )
    sealed = asker.get("name_sealed")
    known = [crypto.open_(tx.cell.tenant, sealed)] if sealed else []
    words = {
        "asked": clean(asked, "asked", known, mask=mask),
        "decided": clean(decided, "decided", known, mask=mask),
    }
    standing = tx.one("select code from mailbox_postings where case_id = %s", [case_id])
    code = standing["code"] if standing else "".join(secrets.choice(LETTERS) for _ in range(12))
    area, promised = _community(tx, case["area_id"]), tx.one(PROMISED, [case_id])
    tx.run(
        POST,
        {"case": case_id, "code": code, "kind": LetterKind(matter["kind"]).value, **words,
         "on": promised and promised["day"], "pos": area.pos, "area": area.id, "by": actor.id,
         "now": tx.now},
    )  # fmt: skip
    tell_case(tx, case, actor, "posted", f"公示：{words['asked']}——{words['decided']}")
    audit.record(tx, "mailbox.posted", case_id, words["asked"], account_id=actor.id)
    moved(tx, case_id, "posting", case["pos"], [case["desk_id"]])
    return str(code)


def withdraw(tx: Tx, actor: Actor, case_id: UUID) -> None:
    """Gone with the next request; the words stay for the record."""
    row = tx.one(
        "select 1 from mailbox_postings where case_id = %s and withdrawn_at is null", [case_id]
    )
    case = locked(tx, case_id)
    if row is None or not actor.may_at("mailbox.post", desk_id=case["desk_id"]):
        raise no_such_posting()
    tx.run("update mailbox_postings set withdrawn_at = %s where case_id = %s", [tx.now, case_id])
    tell_case(tx, case, actor, "withdrawn", "撤下公示。")
    audit.record(tx, "mailbox.withdrawn", case_id, account_id=actor.id)
    moved(tx, case_id, "posting", case["pos"], [case["desk_id"]])


def _community(tx: Tx, area_id: UUID) -> Area:
    """The community a place lies in, or itself when it lies higher: no public word is finer."""
    places = atlas.of(tx)
    here = places.area(area_id)
    return next((one for one in (here, *places.above(here)) if one.level is Level.COMMUNITY), here)


def public_view(row: dict[str, Any], zone: tzinfo) -> dict[str, Any]:
    """What anybody reads: nothing of it leads back to the case or its asker."""
    stage = STAGES[STAGE_OF.get(State(row["state"]), 1)]
    done = row["closed_at"] if stage == "done" else None
    return {
        "code": row["code"],
        "kind": row["kind"],
        "asked": row["asked"],
        "decided": row["decided"],
        "promised_on": row["promised_on"],
        "stage": stage,
        "done_on": done and done.astimezone(zone).date(),
        "area": " ".join(row["names"][-2:]),
        "posted_on": row["at"].astimezone(zone).date(),
    }


def public_page(
    tx: Tx, area_code: str, kind: str | None, limit: int
) -> tuple[Area | None, list[dict[str, Any]]]:
    """The postings of an area, newest first; without a code those of the whole city."""
    area = atlas.of(tx).codes.get(area_code) if area_code else None
    if area_code and area is None:
        raise no_such_posting()
    rows = queries.public_postings(tx, area.id if area else None, kind, None, limit)
    return area, [public_view(row, rules(tx).calendar.days.zone) for row in rows]
