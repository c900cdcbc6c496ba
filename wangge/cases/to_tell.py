"""待电话告知: results that nobody but a caller will bring to their askers.

An SMS, the asker's own page, a letter or the hotline's return tell the others. Who rang up and has
not been told within the hour is called; three tries, an hour apart.
"""

from datetime import timedelta
from typing import Any

from wangge.cases.answers import RESULTS
from wangge.cases.callbacks import BETWEEN, TRIES
from wangge.cases.tellings import BY_CHANNEL
from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.tenant.service import rules

PATIENCE = timedelta(hours=1)  # in which an SMS arrives, or is known not to
STALE = timedelta(days=30)  # whoever was not reached by then is left to the desk's own list
OTHERWISE = sorted(channel for channel, way in BY_CHANNEL.items() if way != "call")
# Whoever is called back anyway hears the answer then.
LIST = """
select c.id, c.number, c.title, c.type, c.round, c.state, c.answer, c.closed_at, c.place_words,
    k.name_mask, k.phone_mask, k.mode, t.tries, t.last_at
from cases c join case_askers k on k.case_id = c.id
left join lateral (select count(*) as tries, max(x.at) as last_at from case_contacts x
    where x.case_id = c.id and x.at >= c.closed_at and x.purpose = 'answer') t on true
where c.untold_since between %(stale)s and %(patience)s and c.state = any(%(states)s)
    and (c.pos <@ %(scope)s::int4multirange or c.desk_id = any(%(desks)s))
    and (k.mode <> 'confidential' or c.desk_id = any(%(desks)s))
    and k.phone_sealed is not null and c.channel <> all(%(otherwise)s)
    and not (c.state = 'closed' and c.closed_at <= %(since)s)
    and t.tries < %(most)s and (t.tries = 0 or t.last_at <= %(again)s)
order by c.untold_since, c.id limit %(limit)s
"""


def waiting(tx: Tx, actor: Actor, *, limit: int = 50) -> list[dict[str, Any]]:
    """Whom to ring up with an answer now, the oldest first, on the caller's ground."""
    actor.must("case.callback")
    known, reach = rules(tx), actor.reach("case.callback")
    values = {
        "patience": tx.now - PATIENCE,
        "stale": tx.now - STALE,
        "since": tx.now - timedelta(hours=known.switches.callback_after_hours),
        "again": tx.now - BETWEEN,
        "states": sorted(set(RESULTS.values())),
        "scope": reach.scope,
        "desks": reach.units,
        "otherwise": OTHERWISE,
        "most": TRIES,
        "limit": limit,
    }
    return tx.rows(LIST, values)
