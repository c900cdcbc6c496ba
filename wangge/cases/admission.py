"""准入: no community is made the lead of a matter that its duty list does not name."""

from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.tenant.service import rules

# The communities' own organisations; a property company or a party branch there is another's.
COMMUNITY = """
select o.short_name, (select array_agg(up.code order by nlevel(up.path) desc) from areas up
    where up.path @> a.path) as line
from organisations o join areas a on a.id = o.area_id
where o.id = %s and o.kind in ('desk', 'department') and a.level in ('community', 'committee')
"""


def check_lead(tx: Tx, case: dict[str, Any], unit_id: UUID | None) -> None:
    """Refuse to make a community lead what is outside its list; it may still assist."""
    known = rules(tx)
    if not known.duties.enforced or not case["type"]:
        return
    community = tx.one(COMMUNITY, [unit_id])
    line = list(known.types.line(case["type"]))
    if community is None or known.duties.may_lead(community["line"], [kind.code for kind in line]):
        return
    kind = line[0] if line else None
    zh, en = (kind.zh, kind.en) if kind else (case["type"], case["type"])
    name = community["short_name"]
    raise Refusal(
        "not_on_duty_list",
        f"“{zh}”不在{name}的社区（村）工作事项准入清单内，不能由社区（村）牵头，可以请其协助",
        f"'{en}' is not on the duty list of {name}: a community may assist, it may not lead",
        field="unit_id",
    )
