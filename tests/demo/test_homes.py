"""The homes of the demo city: whole, masked, and served, so that the night finds no gap."""

import pytest

from wangge.demo import homes
from wangge.fieldwork import coverage
from wangge.kernel.db import Tx


def test_the_seeded_city_has_homes_and_no_gap(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen red: with grids that nobody served."""
    monkeypatch.setattr(homes, "COMMUNITY", "379901001001")
    count = homes.live(tx)

    assert count == 72
    seen = tx.one(
        "select count(distinct pos) as grids, count(distinct id) as doors, min(seen_at) as least"
        " from dwellings"
    )
    assert seen is not None
    assert (seen["grids"], seen["doors"]) == (2, 72)
    assert seen["least"] < tx.now
    names = tx.rows("select name_mask, phone_mask, purpose from residents")
    assert len(names) == sum(n for _, n in homes.CARED_FOR)
    assert all(row["name_mask"].endswith("**") and "****" in row["phone_mask"] for row in names)
    minded = tx.rows(
        "select n.kind, r.partner_id from home_cautions n join field_records r"
        " on r.household_id = n.household_id and r.kind = 'visit'"
    )
    assert {row["kind"] for row in minded} == {"quarrel", "unsafe", "dog"}
    assert all((row["partner_id"] is None) == (row["kind"] == "dog") for row in minded)
    [plan] = tx.rows("select stretches, cardinality(unit_ids) as units from patrol_plans")
    assert (len(plan["stretches"]), plan["units"]) == (2, 2)
    done = tx.rows("select household_id, kind from field_records where kind <> 'visit'")
    assert {row["kind"] for row in done} == {"service", "errand", "talk"}
    assert 0 < sum(row["household_id"] is not None for row in done) < len(done) / 2
    assert coverage.nightly(tx) == 0
