"""Keeping the list of sites, looking at one, keeping a still for its case: the register first."""

from datetime import timedelta
from hashlib import sha256
from math import cos, radians
from typing import Any
from uuid import UUID, uuid5

from wangge.areas import atlas
from wangge.areas.service import outside_the_city
from wangge.audit.service import record
from wangge.cases import service as cases
from wangge.cases.models import Action, StepInput
from wangge.files import service as files
from wangge.files.models import Media, Purpose
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.place import metres_between
from wangge.people.models import Actor
from wangge.people.roles import role
from wangge.tenant.service import rules
from wangge.video import gateway, queries
from wangge.video.models import Look, SiteDraft, Wanted, Way

VIEW, REGISTER, EDIT = "video.view", "video.register", "video.edit"
STANDS_FOR = timedelta(minutes=5)
NEAREST = 12
METRES_A_DEGREE = 111_195
WRITE = """
insert into video_sites (id, code, name, place_words, area_id, pos, lon, lat, owner_id, page_url,
    snapshot_url, active, changed_at)
values (%(id)s, %(code)s, %(name)s, %(place_words)s, %(area_id)s, %(pos)s, %(lon)s, %(lat)s,
    %(owner_id)s, %(page_url)s, %(snapshot_url)s, %(active)s, %(changed_at)s)
on conflict (id) do update set code = excluded.code, name = excluded.name,
    place_words = excluded.place_words, area_id = excluded.area_id, pos = excluded.pos,
    lon = excluded.lon, lat = excluded.lat, owner_id = excluded.owner_id,
    page_url = excluded.page_url, snapshot_url = excluded.snapshot_url, active = excluded.active,
    changed_at = excluded.changed_at
"""


def no_such_site() -> NotFound:
    return NotFound("no_such_site", "没有找到这个视频点位", "no such video site")


def no_such_view() -> NotFound:
    return NotFound("no_such_view", "没有找到这次调看", "no such look")


def placed(tx: Tx, actor: Actor | None, draft: SiteDraft) -> dict[str, Any]:
    """The row of a site: in its grid, with addresses that may be asked; refuses what is not so."""
    area = atlas.of(tx).locator.at(draft.lon, draft.lat)
    if area is None:
        raise outside_the_city()
    if actor:
        actor.must_at(EDIT, pos=area.pos)
    if not draft.page_url and not draft.snapshot_url:
        raise Invalid(
            "address_needed", "平台链接和截图地址至少填一个",
            "give a link to the owner's page, a snapshot's address, or both", field="page_url",
        )  # fmt: skip
    if draft.page_url:
        gateway.checked(draft.page_url)
    if draft.snapshot_url:
        hosts = rules(tx).video.hosts
        gateway.check_listed(gateway.checked(draft.snapshot_url), hosts)
    return {
        "id": draft.id, "code": draft.code, "name": draft.name, "place_words": draft.place_words,
        "area_id": area.id, "pos": area.pos, "lon": draft.lon, "lat": draft.lat,
        "owner_id": draft.owner_id, "page_url": draft.page_url,
        "snapshot_url": draft.snapshot_url, "active": draft.active, "changed_at": tx.now,
    }  # fmt: skip


def put(tx: Tx, actor: Actor, draft: SiteDraft) -> None:
    """Write a site new or anew; where it was and where it will be must both be reached."""
    actor.must(EDIT)
    known = queries.site(tx, draft.id)
    if known:
        actor.must_at(EDIT, pos=known["pos"])
    if tx.one("select 1 from video_sites where code = %s and id <> %s", [draft.code, draft.id]):
        raise Refusal("code_taken", "点位编号已被使用", "this code is taken", field="code")
    if tx.one("select 1 from organisations where id = %s", [draft.owner_id]) is None:
        raise NotFound("no_such_unit", "没有此单位", "no such unit", field="owner_id")
    write(tx, [placed(tx, actor, draft)])
    record(tx, "video.site_written", draft.id, detail={"code": draft.code}, account_id=actor.id)


def write(tx: Tx, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        tx.run(WRITE, row)


def near(tx: Tx, actor: Actor, case_id: UUID, metres: int) -> list[dict[str, Any]]:
    """Sites in use around the place of a case, nearest first, each with its distance in metres."""
    actor.must(VIEW)
    case = queries.place_of_case(tx, case_id)
    if case is None:
        raise cases.not_found()
    if case["lon"] is None:
        return []
    here = (case["lon"], case["lat"])
    high = metres / METRES_A_DEGREE
    wide = high / max(cos(radians(here[1])), 0.01)
    box = (here[0] - wide, here[1] - high, here[0] + wide, here[1] + high)
    found = queries.boxed(tx, actor.reach(VIEW).scope, box)
    for row in found:
        row["metres"] = round(metres_between(here, (row["lon"], row["lat"])))
    inside = [row for row in found if row["metres"] <= metres]
    return sorted(inside, key=lambda row: (row["metres"], row["code"]))[:NEAREST]


def look(tx: Tx, actor: Actor, given: Look) -> dict[str, Any]:
    """Write the register, then say where to look; a repeat of the same look answers as before.

    The transaction is under row-level security: site and case must be within sight.
    """
    site = queries.site(tx, given.site_id)
    if site is None or not actor.may(VIEW):
        actor.must(VIEW)
        raise no_such_site()
    actor.must_at(VIEW, pos=site["pos"])
    known = queries.view(tx, given.id)
    if known is None:
        _register(tx, actor, site, given)
    elif (known["account_id"], known["site_id"], known["way"]) != (
        actor.id, given.site_id, given.way.value,
    ):  # fmt: skip
        raise Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")
    return {
        "id": given.id,
        "at": known["at"] if known else tx.now,
        "url": site["page_url"] if given.way is Way.PAGE else None,
        "until": (known["at"] if known else tx.now) + STANDS_FOR,
    }


def _register(tx: Tx, actor: Actor, site: dict[str, Any], given: Look) -> None:
    reason = given.reason.strip()
    if len(reason) < 2:
        raise Invalid("field_needed", "请写明调看理由", "say why you look", field="reason")
    if not site["active"]:
        raise Refusal("site_closed", "这个点位已停用", "this site is out of use")
    if not site["page_url" if given.way is Way.PAGE else "snapshot_url"]:
        raise Invalid("no_such_way", "这个点位没有这种调看方式", "this site has no such way",
                      field="way")  # fmt: skip
    if given.case_id and queries.place_of_case(tx, given.case_id) is None:
        raise cases.not_found()
    row = {
        "id": given.id, "site_id": site["id"], "pos": site["pos"], "owner_id": site["owner_id"],
        "way": given.way.value, "reason": reason, "case_id": given.case_id,
        "account_id": actor.id, "account_name": actor.name,
        "account_post": _post(actor, site["pos"]), "at": tx.now,
    }  # fmt: skip
    tx.insert("video_views", [row])
    said = {"site": site["code"], "way": given.way.value}
    record(tx, "video.viewed", site["id"], reason, said, account_id=actor.id)


def _post(actor: Actor, pos: int) -> str:
    """By which of his posts he may look there: its title and where it is held."""
    for post in actor.posts:
        if VIEW in post.grants and post.covers(pos):
            place = post.unit or post.area or {}
            return f"{post.title or role(post.role).zh} · {place.get('name', '')}".strip(" ·")
    return actor.title


def wanted(tx: Tx, actor: Actor, view_id: UUID) -> Wanted:
    """What may be fetched now: one still for one line in the register, by who wrote it, soon."""
    row = queries.view(tx, view_id)
    if row is None or row["account_id"] != actor.id:
        raise no_such_view()
    # The post may have ended since the line was written, and with it the right.
    actor.must_at(VIEW, pos=row["pos"])
    if row["way"] != Way.SNAPSHOT or not row["snapshot_url"] or not row["active"]:
        raise Refusal("site_closed", "这个点位没有截图可看", "there is no snapshot to look at")
    if row["sha256"] is not None or tx.now > row["at"] + STANDS_FOR:
        raise Refusal(
            "look_over",
            "这次调看已经结束；再看一次请再写一次理由",
            "this look is over; say again why to look once more",
        )
    bounds = rules(tx).video
    return Wanted(
        view_id, row["snapshot_url"], bounds.hosts, bounds.seconds, bounds.kilobytes * 1000
    )


def shown(tx: Tx, view_id: UUID, picture: Media) -> None:
    """Note what was shown, by its hash and size; the picture itself is nowhere kept."""
    row = {"view_id": view_id, "sha256": sha256(picture.data).digest(),
           "size": len(picture.data), "at": tx.now}  # fmt: skip
    tx.insert("video_pictures", [row])


def keep(
    tx: Tx, actor: Actor, view_id: UUID, file_id: UUID, reason: str, body: bytes
) -> dict[str, Any]:
    """Keep the very still that was shown, in its case and with a reason, as a line of its history.

    Whoever looked brings it back; it is taken only if it hashes to what was shown.
    """
    row = queries.view(tx, view_id)
    if row is None or row["account_id"] != actor.id:
        raise no_such_view()
    if row["file_id"]:
        return {"file_id": row["file_id"], "case_id": row["case_id"]}
    why = reason.strip()
    if len(why) < 2:
        raise Invalid("field_needed", "请写明留存理由", "say why it is kept", field="reason")
    if row["case_id"] is None:
        raise Refusal(
            "look_without_case",
            "这次调看没有写明事项，截图不能留存",
            "this look was for no case, so its picture is not kept",
        )
    if row["sha256"] is None or sha256(body).digest() != bytes(row["sha256"]):
        raise Invalid(
            "not_what_was_shown", "这不是当时看到的画面，不能留存",
            "this is not the picture that was shown", field="file",
        )  # fmt: skip
    files.take(tx, file_id, body, purpose=Purpose.OTHER, uploaded_by=actor.id)
    note = f"留存视频点位“{row['name']}”截图：{why}"
    step = StepInput(
        id=uuid5(view_id, "keep"), action=Action.REMARK, note=note, file_ids=(file_id,),
        data={"video_view": str(view_id)},
    )  # fmt: skip
    cases.step_of_account(tx, actor, row["case_id"], step)
    kept = {"view_id": view_id, "case_id": row["case_id"], "file_id": file_id, "reason": why,
            "account_id": actor.id, "at": tx.now}  # fmt: skip
    tx.insert("video_kept", [kept])
    record(tx, "video.kept", view_id, why, {"site": row["code"]}, account_id=actor.id)
    return {"file_id": file_id, "case_id": row["case_id"]}
