"""Writing the party's tree: organisations, whom they stand under, on which grids, who is in them.

A party organisation is an organisation like any other (kind ``party``): it may be called by a
whistle, hold posts and sit in a team. What is its own, layer and days, stands in ``party_layers``;
the view ``party_organisations`` shows both as one.

Nothing is overwritten: a change begins on a day, and what was true before it stays true of before.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg.types.range import DateRange

from wangge.audit.service import record
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.facts import Fact
from wangge.kernel.ids import new_id
from wangge.people import last_resort
from wangge.people.models import Actor
from wangge.people.posts import today
from wangge.teams.models import DEPTH, ON_GRIDS, Kind, PartyDraft
from wangge.teams.rights import locked, reach_all, since
from wangge.tenant.models import repeated

TABLE, LAYERS = "party_organisations", "party_layers"
UNDER = """
with recursive up as (
    select %(parent)s::uuid as id
    union select t.parent_id from up join party_ties t on t.organisation_id = up.id
        and t.valid && daterange(%(on)s, null))
select exists (select from up where id = %(id)s) as under
"""


def load(tx: Tx, drafts: Sequence[PartyDraft], *, actor: Actor | None) -> int:
    """Write new organisations, parents in any order; all or none. Returns how many."""
    reach_all(tx, {one.area_id for one in drafts}, actor)
    _grids_known(tx, {grid for one in drafts for grid in one.grids}, actor)
    _codes_free(tx, drafts)
    kinds = {one.id: one.kind for one in drafts} | _kinds(tx, {o.parent_id for o in drafts})
    for one in drafts:
        if one.parent_id:
            _fits(one.kind, kinds.get(one.parent_id), one.name)
        _stands(one.kind, one.grids)
    tx.copy(
        "organisations",
        ("id", "kind", "code", "name", "short_name", "area_id"),
        ((o.id, "party", o.code, o.name, o.name, o.area_id) for o in drafts),
    )
    tx.copy(
        LAYERS,
        ("id", "layer", "valid"),
        ((o.id, o.kind.value, since(o.begins)) for o in drafts),
    )
    tx.copy(
        "party_ties",
        ("organisation_id", "parent_id", "valid"),
        ((o.id, o.parent_id, since(o.begins)) for o in drafts if o.parent_id),
    )
    tx.copy(
        "party_grids",
        ("organisation_id", "area_id", "valid"),
        ((o.id, grid, since(o.begins)) for o in drafts for grid in o.grids),
    )
    if actor:
        for one in drafts:
            record(tx, "party.founded", one.id, detail={"code": one.code})
    return len(drafts)


def _codes_free(tx: Tx, drafts: Sequence[PartyDraft]) -> None:
    codes = [one.code for one in drafts]
    row = tx.one("select code from organisations where code = any(%s) limit 1", [codes])
    if twice := [row["code"]] if row else repeated(codes):
        raise Refusal(
            "code_taken",
            f"代码已被使用：{twice[0]}",
            f"this code is taken: {twice[0]}",
            field="code",
        )


def _kinds(tx: Tx, parents: Iterable[UUID | None]) -> dict[UUID, Kind]:
    rows = tx.rows(f"select id, kind from {TABLE} where id = any(%s)", [[p for p in parents if p]])
    return {row["id"]: Kind(row["kind"]) for row in rows}


def _fits(kind: Kind, above: Kind | None, name: str) -> None:
    """A committee may stand under a committee; everything else under a higher layer."""
    if above is None:
        raise NotFound("no_such_party", "没有此上级党组织", "no such parent", field="parent_id")
    if DEPTH[above] > DEPTH[kind] or (above is kind and kind is not Kind.COMMITTEE):
        raise Invalid(
            "bad_parent",
            f"“{name}”不能设在同级或下级党组织之下",
            f"'{name}' cannot stand under an organisation of its own or a lower layer",
            field="parent_id",
        )


def _stands(kind: Kind, grids: Sequence[UUID]) -> None:
    if grids and kind not in ON_GRIDS:
        raise Invalid(
            "not_on_grids",
            "只有党支部和党小组建在网格上",
            "only branches and groups stand on grids",
            field="grids",
        )


def _grids_known(tx: Tx, grids: set[UUID], actor: Actor | None) -> None:
    levels = reach_all(tx, grids, actor)
    if any(level not in {"grid", "micro_grid"} for level in levels.values()):
        raise Invalid("not_a_grid", "须为网格或微网格", "must be grids", field="grids")


def rename(tx: Tx, organisation: UUID, name: str, *, actor: Actor | None) -> None:
    locked(tx, TABLE, organisation, actor)
    values = [name, name, organisation]
    tx.run("update organisations set name = %s, short_name = %s where id = %s", values)
    record(tx, "party.renamed", organisation, detail={"name": name})


def move(
    tx: Tx, organisation: UUID, parent: UUID | None, *, on: date | None, actor: Actor | None
) -> None:
    """From a day on it stands under ``parent`` (or under nobody); the days before stay as told."""
    row, day = locked(tx, TABLE, organisation, actor), on or today(tx)
    if parent:
        above = locked(tx, TABLE, parent, actor)
        _fits(Kind(str(row["kind"])), Kind(str(above["kind"])), str(row["name"]))
        found = tx.one(UNDER, {"parent": parent, "id": organisation, "on": day})
        if found and found["under"]:
            raise Invalid(
                "bad_parent", "不能设在自己的下级之下", "not under its own", field="parent_id"
            )
    _cut(tx, "party_ties", "organisation_id", organisation, day)
    if parent:
        tx.insert(
            "party_ties",
            [{"organisation_id": organisation, "parent_id": parent, "valid": DateRange(day, None)}],
        )
    record(tx, "party.moved", organisation, detail={"parent": str(parent), "on": str(day)})


def stand_on(
    tx: Tx,
    organisation: UUID,
    grids: Sequence[UUID],
    *,
    on: date | None,
    actor: Actor | None,
) -> None:
    """From a day on it stands on exactly these grids."""
    row, day = locked(tx, TABLE, organisation, actor), on or today(tx)
    _stands(Kind(str(row["kind"])), grids)
    _grids_known(tx, set(grids), actor)
    _cut(tx, "party_grids", "organisation_id", organisation, day)
    tx.insert(
        "party_grids",
        [
            {"organisation_id": organisation, "area_id": grid, "valid": DateRange(day, None)}
            for grid in dict.fromkeys(grids)
        ],
    )
    record(tx, "party.grids", organisation, detail={"grids": len(grids), "on": str(day)})


def close(tx: Tx, organisation: UUID, *, on: date | None, actor: Actor | None) -> None:
    """It is dissolved on that day; refuses while something still stands under it."""
    locked(tx, TABLE, organisation, actor)
    day = on or today(tx)
    below = tx.one(
        "select count(*) as n from party_ties where parent_id = %s and upper(valid) is null"
        " or parent_id = %s and upper(valid) > %s",
        [organisation, organisation, day],
    )
    if below and below["n"]:
        raise Refusal(
            "party_has_below",
            f"还有 {below['n']} 个下级党组织：请先调整其隶属",
            f"{below['n']} organisations still stand under it: move them first",
        )
    _cut(tx, LAYERS, "id", organisation, day)
    dissolve(tx)
    for table in ("party_ties", "party_grids", "party_members"):
        _cut(tx, table, "organisation_id", organisation, day)
    record(tx, "party.closed", organisation, detail={"on": str(day)})


ENDED = """
update organisations o set active = false from party_layers l
where l.id = o.id and o.active and (isempty(l.valid) or upper(l.valid) <= city_today())
returning o.id
"""


def dissolve(tx: Tx) -> None:
    """Whatever has come to its day is called by nobody any more; its open work goes on."""
    with last_resort.kept(tx):
        ended = tx.rows(ENDED)
    facts.record(tx, [Fact("OrganisationMoved", row["id"]) for row in ended])


def _cut(tx: Tx, table: str, column: str, key: UUID, day: date) -> None:
    """End on the day what still stands; what was to begin later than that never begins."""
    if table in {"party_ties", "party_grids"}:
        tx.run(f"delete from {table} where {column} = %s and lower(valid) >= %s", [key, day])
    tx.run(
        f"update {table} set valid = daterange(least(lower(valid), %s), %s) where {column} = %s"
        " and (upper_inf(valid) or upper(valid) > %s)",
        [day, day, key, day],
    )


def join(
    tx: Tx,
    member: UUID,
    organisation: UUID,
    account: UUID,
    *,
    duty: str,
    begins: date | None,
    actor: Actor | None,
) -> None:
    """Put somebody into an organisation, as its secretary or as one of it."""
    locked(tx, TABLE, organisation, actor)
    if tx.one("select from accounts where id = %s and active", [account]) is None:
        raise NotFound("no_such_account", "没有此账号", "no such account", field="account_id")
    day = begins or today(tx)
    standing = tx.one(
        "select 1 from party_members where organisation_id = %s and account_id = %s"
        " and valid && daterange(%s, null)",
        [organisation, account, day],
    )
    if standing:
        raise Refusal("already_in_it", "此人已在该党组织", "this person is already in it")
    row = {"id": member, "organisation_id": organisation, "account_id": account, "duty": duty}
    tx.insert("party_members", [{**row, "valid": DateRange(day, None)}])
    record(tx, "party.joined", member, detail={"organisation": str(organisation), "duty": duty})


def lead(tx: Tx, secretaries: Sequence[tuple[UUID, UUID]], *, begins: date) -> None:
    """Give organisations their secretaries at once: pairs of an organisation and an account."""
    tx.copy(
        "party_members",
        ("id", "organisation_id", "account_id", "duty", "valid"),
        (
            (new_id(), organisation, account, "secretary", since(begins))
            for organisation, account in secretaries
        ),
    )


def leave(tx: Tx, member: UUID, *, on: date | None, actor: Actor | None) -> None:
    """End a place in an organisation on a day; that it was held stays told."""
    row = tx.one("select organisation_id from party_members where id = %s", [member])
    if row is None:
        raise NotFound("not_found", "没有此记录", "there is no such record")
    locked(tx, TABLE, row["organisation_id"], actor)
    _cut(tx, "party_members", "id", member, on or today(tx))
    record(tx, "party.left", member)


# Whoever has no post left on an organisation's ground is no longer in it, nor in a team there.
GONE = """
select m.id from {table} m join {of} o on o.id = m.{column} join areas a on a.id = o.area_id
where m.account_id = any(%(accounts)s) and (upper_inf(m.valid) or upper(m.valid) > %(on)s)
    and not exists (select from posts p left join organisations u on u.id = p.unit_id
        join areas at on at.id = coalesce(p.area_id, u.area_id)
        where p.account_id = m.account_id and p.valid @> %(on)s::date
            and (a.path @> at.path or at.path @> a.path))
"""


def gone(tx: Tx, accounts: Sequence[UUID]) -> None:
    """End the places of people whose posts have ended; no line of them is lost."""
    values: dict[str, Any] = {"accounts": list(accounts), "on": today(tx)}
    for table, of, column in (
        ("party_members", TABLE, "organisation_id"),
        ("team_members", "teams", "team_id"),
    ):
        query = GONE.format(table=table, of=of, column=column)
        for row in tx.rows(query, values):
            _cut(tx, table, "id", row["id"], values["on"])
