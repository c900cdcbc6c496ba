"""上门提醒: what to mind at a door for a while, so that nobody walks into it unprepared.

It is about a door and a time. It names nobody, ends by itself, and no door lists it across homes.
"""

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from wangge.audit import service as audit
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.repeats import fingerprint, is_repeat
from wangge.people.models import Actor
from wangge.registers.models import CautionDraft
from wangge.registers.permissions import EDIT, check_past, must_reach, no_such_caution
from wangge.registers.service import household
from wangge.tenant.service import rules

USUAL, LONGEST = timedelta(days=90), timedelta(days=180)


def put(tx: Tx, actor: Actor, caution_id: UUID, given: CautionDraft) -> None:
    """Note it for whoever calls there next; a repeat changes nothing."""
    said = fingerprint(actor.id, asdict(given))
    home = household(tx, actor, given.household_id, EDIT)
    if is_repeat(tx.one("select * from home_cautions where id = %s", [caution_id]), said):
        return
    check_past(tx, given.found_at)
    if given.kind not in rules(tx).lists.codes["visit_risks"]:
        raise Invalid("unknown_risk", "没有这种提醒", "no such thing to mind", field="kind")
    today = tx.now.astimezone(rules(tx).calendar.days.zone).date()
    until = given.until or today + USUAL
    if not today <= until <= today + LONGEST:
        raise Invalid(
            "bad_time", f"提醒最多保留 {LONGEST.days} 天，到期自动取消",
            f"a note on a door ends by itself after at most {LONGEST.days} days", field="until",
        )  # fmt: skip
    tx.insert(
        "home_cautions",
        [{"id": caution_id, "household_id": given.household_id, "pos": home["pos"],
          "kind": given.kind, "words": given.words.strip(), "until": until, "made_by": actor.id,
          "found_at": given.found_at, "received_at": tx.now, "request_hash": said}],
    )  # fmt: skip
    detail = {"kind": given.kind, "until": until.isoformat()}
    audit.record(tx, "registers.caution", given.household_id, "", detail, account_id=actor.id)


def end(tx: Tx, actor: Actor, caution_id: UUID, *, words: str) -> None:
    """It is over before its day; a repeat changes nothing."""
    row = tx.one("select * from home_cautions where id = %s for update", [caution_id])
    if row is None:
        raise no_such_caution()
    must_reach(actor, EDIT, row["pos"], no_such_caution())
    if row["ended_at"]:
        return
    tx.run(
        "update home_cautions set ended_at = %s, ended_by = %s, end_words = %s where id = %s",
        [tx.now, actor.id, words.strip(), caution_id],
    )
