"""The demo city has Red Mailboxes with a week behind them, and its people go on opening them."""

from datetime import timedelta
from random import Random

from wangge.demo import instruments
from wangge.demo.inventing import MADE, Town
from wangge.demo.mailboxed import Mailboxes
from wangge.kernel import clock
from wangge.kernel.db import Cell, transaction
from wangge.mailbox import openings, queries
from wangge.tenant.service import rules

COUNTS = """
select (select count(*) from mailboxes) as boxes, (select count(*) from mailbox_groups) as groups,
    (select count(*) from mailbox_openings where state = 'opened') as opened,
    (select count(*) from mailbox_openings where state = 'missed') as missed,
    (select count(*) from mailbox_openings where state = 'explained') as explained,
    (select count(*) from mailbox_openings where letters = 0) as empty,
    (select count(*) from mailbox_matters where sorted_at is not null) as sorted,
    (select count(*) from mailbox_talks where state = 'held') as held,
    (select count(*) from mailbox_talks where state = 'planned') as planned,
    (select count(*) from mailbox_postings) as posted,
    (select count(*) from group_messages) as said_in_groups,
    (select count(*) from video_sites) as video_sites, (select count(*) from video_views) as looks,
    (select count(*) from case_unheard h join files f on f.case_id = h.case_id
        where h.heard_at is null and f.kind = 'audio') as voices,
    (select count(*) from cases where found_at < received_at - interval '5 hours') as found_late,
    (select count(*) from mailbox_matters m join cases c on c.id = m.case_id
        where c.source_ref <> %s) as strange
"""


def test_a_loaded_city_has_letters_voices_and_visits_behind_it(loaded: Cell) -> None:
    with transaction(loaded) as tx:
        found = tx.one(COUNTS, [MADE]) or {}
    strange = found.pop("strange")
    assert strange == 0
    assert {name: n for name, n in found.items() if not n} == {}


def test_boxes_are_opened_and_letters_sorted_day_by_day(own: Cell) -> None:
    with transaction(own) as tx:
        days = rules(tx).calendar.days
        morning = days.moment(openings.day_of(tx) + timedelta(days=1), "08:00")
        while not days.at(morning).spans:
            morning += timedelta(days=1)
        instruments.set_clock(tx, instruments.Wish(at=morning))
        town = Town(tx)
    men = Mailboxes(own, town, Random(5))  # noqa: S311 - invents, keeps no secret
    with transaction(own) as tx:
        made = openings.prepare(tx)
        before = len(queries.to_sort(tx))
    for _ in range(10):
        with transaction(own) as tx:
            now = tx.now
        men.turn(now)
        with transaction(own) as tx:
            clock.advance(tx, timedelta(hours=1))
    with transaction(own) as tx:
        openings.mark_missed(tx)
        today = queries.openings(tx, openings.day_of(tx), openings.day_of(tx))
        waiting = len(queries.to_sort(tx))
    assert made == len(today) > 0
    assert {row["state"] for row in today} == {"opened"}
    assert waiting < before + sum(row["letters"] for row in today)
