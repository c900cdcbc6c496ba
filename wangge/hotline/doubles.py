"""Orders that may be one matter: shown with the reasons, decided by a person and by nobody else."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.kernel.db import Tx

WITHIN = timedelta(days=15)
ALIKE = 0.3  # share of common character pairs; the same request in other words reaches about that

# Only matters of the same desk are compared: nobody learns here of what another desk has.
FOUND = """
select n.id as case_id, c.id as other_id, n.place_words <> '' and n.place_words = c.place_words
    as place, alike.share,
    abs(extract(epoch from coalesce(n.reported_at, n.received_at)
        - coalesce(c.reported_at, c.received_at))) / 3600 as hours
from cases n
join case_askers caller on caller.case_id = n.id and caller.phone_index is not null
join case_askers also on also.phone_index = caller.phone_index and also.case_id <> n.id
join cases c on c.id = also.case_id and c.desk_id = n.desk_id and c.state <> 'withdrawn'
cross join lateral (
    select coalesce(count(*) filter (where one.term = any(c.terms))::float / nullif(
        cardinality(n.terms) + cardinality(c.terms)
        - count(*) filter (where one.term = any(c.terms)), 0), 0) as share
    from unnest(n.terms) as one(term)) as alike
where n.id = any(%(ids)s) and (not c.id = any(%(ids)s) or c.id < n.id)
    and abs(extract(epoch from coalesce(n.reported_at, n.received_at)
        - coalesce(c.reported_at, c.received_at))) < %(within)s
    and (alike.share >= %(alike)s or (n.place_words <> '' and n.place_words = c.place_words))
"""


def note(tx: Tx, case_ids: Sequence[UUID]) -> int:
    """Write down which of the new cases look like another one of the same caller."""
    found = tx.rows(
        FOUND, {"ids": list(case_ids), "within": WITHIN.total_seconds(), "alike": ALIKE}
    )
    tx.insert(
        "hotline_doubles",
        [
            {
                "case_id": row["case_id"],
                "other_id": row["other_id"],
                "reasons": Jsonb(
                    {
                        "share": round(float(row["share"]), 2),
                        "place": row["place"],
                        "hours": round(float(row["hours"])),
                    }
                ),
            }
            for row in found
        ],
    )
    return len({row["case_id"] for row in found})
