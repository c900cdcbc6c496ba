"""A file that somebody brings: what it tells is what the figures say, row by row."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.cases.test_loop import taken
from tests.town import Town
from wangge.demo.taking_over import take_over
from wangge.kernel import clock
from wangge.kernel.db import transaction

FILE = (Path(__file__).parent / "brought.yaml").read_text("utf-8")
JUNE = {"from": "2026-06-01", "to": "2026-06-30"}
DONE = {"solved", "late", "unreached", "reworked", "more_time"}
# Added up by hand from brought.yaml: above, below, left out. What is put by has no limit of its
# handling while it stands, and its whole limit of June leaves it out of what was to be closed.
SUMS: dict[str, tuple[set[str], set[str], set[str]]] = {
    "closing_rate": (DONE, DONE | {"waiting"}, {"same", "void", "refused", "put_by"}),
    "overdue_share": ({"waiting"}, {"waiting"}, DONE | {"same", "void", "refused", "put_by"}),
    "open_rate": ({"waiting"}, DONE | {"same", "void", "refused", "put_by", "waiting"}, set()),
    "close_rate": (
        DONE | {"from_may"},
        DONE | {"from_may", "waiting"},
        {"same", "void", "refused", "put_by"},
    ),
    "on_time_close_rate": (
        {"solved", "unreached", "reworked", "more_time"},
        DONE | {"from_may", "waiting"},
        {"same", "void", "refused", "put_by"},
    ),
    "late_close_rate": (
        {"late", "from_may"},
        DONE | {"from_may", "waiting"},
        {"same", "void", "refused", "put_by"},
    ),
    "rework_rate": (
        {"reworked"},
        DONE | {"from_may", "waiting"},
        {"same", "void", "refused", "put_by"},
    ),
    "dispose_rate": (DONE | {"from_may"}, DONE | {"from_may"}, set()),
    "on_time_dispose_rate": (
        {"solved", "unreached", "reworked", "more_time"},
        DONE | {"from_may"},
        set(),
    ),
    "extension_rate": ({"more_time"}, DONE | {"from_may"}, set()),
    "valid_report_rate": (
        DONE | {"waiting", "put_by"},
        DONE | {"same", "void", "refused", "put_by", "waiting"},
        set(),
    ),
    "satisfaction": ({"solved", "late", "reworked"}, {"solved", "late", "reworked"}, set()),
    "resolution_rate": ({"solved", "late", "reworked"}, {"solved", "late", "reworked"}, set()),
}
FACTS = {
    "merged": {"same"},
    "suspended": {"put_by"},
    "extended": {"more_time"},
    "reworked": {"reworked"},
    "unreached": {"unreached"},
    "left_out": {"same", "void", "refused", "put_by"},
    "bulk_closed": set(),
    "carried_over": set(),
}


def test_a_file_is_counted_as_by_hand_and_opens_its_rows(town: Town) -> None:
    """Void, refused, merged, suspended, late, unreached rows: the sums are those of a pencil.

    A click opens exactly those rows; "as of" the day before stays what it was after more happened.
    Seen red: the red light of what waited in June was of the day on which the file was loaded, so
    June had nothing late; what was put by was no valid report, though it was registered and not
    void; mergers, extensions, suspensions and call-backs could not be brought at all.
    """
    told = take_over(town.cell, FILE)
    assert (told.problems, told.applied) == ([], True)
    assert take_over(town.cell, FILE).problems == [], "the same file twice"
    leader = town.person("cityleader")

    def figures(**query: Any) -> tuple[dict[str, Any], str]:
        whole = leader.get("/indicators/figures", **JUNE, **query).json()
        return {one["code"]: one for one in whole["figures"]}, whole["within"]

    def opened(figure: str, within: str) -> set[str]:
        answer = leader.get("/cases", figure=figure, within=within)
        assert answer.status_code == 200, answer.text
        return {card["title"] for card in answer.json()["items"]}

    found, within = figures()
    for code, (above, below, out) in SUMS.items():
        one = found[code]
        assert opened(f"{code}:numerator", within) == above, code
        assert opened(f"{code}:denominator", within) == below, code
        assert opened(f"{code}:left_out", within) == out, code
        sums = (one["numerator"], one["denominator"], sum(one["left_out"].values()))
        assert sums == (len(above), len(below), len(out)), code
    beside = leader.get("/indicators/facts", **JUNE).json()
    counts = {fact["code"]: fact["count"] for fact in beside["facts"]}
    for code, names in FACTS.items():
        assert counts[code] == len(names), code
        assert opened(f"{code}:numerator", beside["within"]) == names, code

    with transaction(town.cell) as tx:
        then = tx.now
        waiting = tx.one("select id from cases where source_ref = 'waiting'")
        clock.advance(tx, timedelta(days=1))
    assert waiting
    form = {"reason": "no_matter", "answer": "现场已没有积水。"}
    assert taken(town.person("dutyleader"), str(waiting["id"]), "void", **form).status_code == 200
    assert figures()[0]["closing_rate"]["denominator"] == 5
    assert figures(as_of=then.isoformat())[0] == found


def test_what_a_file_gets_wrong_about_others_is_told_at_its_place(town: Town) -> None:
    """In the order of the file, though it is read in the order of time."""
    told = take_over(
        town.cell,
        """
wangge_load: 1
cases:
  - ref: one
    received_at: 2026-06-02 09:00
    text: 门口积水
    area: "3799010010010001"
    steps:
      - {at: 2026-06-02 09:10, by: acceptor, action: merge, lead: nowhere}
      - {at: 2026-06-02 09:20, by: acceptor, action: accept}
  - ref: two
    received_at: 2026-06-01 09:00
    text: 门口积水
    area: "3799010010010001"
    steps:
      - {at: 2026-06-01 09:10, by: acceptor, action: contact, result: answered}
  - ref: three
    received_at: 2026-06-01 09:00
    text: 门口积水
    steps:
      - {at: 2026-06-01 09:10, by: acceptor, action: accept}
      - {at: 2026-06-01 09:05, by: acceptor, action: remark, note: 早了}
""",
    )

    assert not told.applied
    assert [problem.path for problem in told.problems] == [
        "cases.0.steps.0.lead", "cases.1.steps.0", "cases.2.steps.0", "cases.2.steps.1.at",
    ]  # fmt: skip
