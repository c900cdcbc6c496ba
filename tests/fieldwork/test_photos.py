"""Pictures of visits come by the road of all pictures, and are seen by whoever sees the visit."""

from hashlib import sha256
from typing import Any

from tests.fieldwork.conftest import Field
from tests.fieldwork.test_pairs import minded
from tests.files.shapes import SECRET, picture
from tests.sync.phones import Phone, rows_of
from tests.town import Town
from wangge.files import service
from wangge.kernel.clock import advance
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id


def named(data: bytes) -> dict[str, str]:
    return {"sha256": sha256(data).hexdigest(), "purpose": "other"}


def test_a_picture_of_a_visit_is_seen_with_the_visit_alone(town: Town, field: Field) -> None:
    """Words first, the picture after them, once, and without what the camera wrote into it.

    Whoever came along and the leader of the ground see it; the neighbour, the desk and the public
    do not, and nobody can release it. The same picture named by a case is another one.

    Seen red: with the pictures of records in nobody's policy, with the first row given to the case,
    and with the promise not kept.
    """
    lihong = town.person("lihong")
    [home] = field.homes(lihong, 1)
    phone, photo = Phone(lihong, town.cell), picture(size=(320, 240), place=True)
    partner = town.person("wangqiang")
    visit = phone.op(
        "visit.record", str(new_id()),
        {"household_id": home, "result": "in", "partner_id": partner.account_id,
         "photos": [named(photo), named(photo)]},
    )  # fmt: skip
    [receipt] = phone.push(visit)
    assert (receipt["state"], receipt["result"]["awaits"]) == ("applied", [named(photo)["sha256"]])
    assert lihong.get("/fieldwork/records", household=home).json()[0]["files"] == []
    phone.upload(photo)
    [file] = lihong.get("/fieldwork/records", household=home).json()[0]["files"]
    assert all(one["again"] for one in phone.push(visit))
    report = phone.report("楼道堆物", photos=[named(photo)])
    assert phone.states(report) == ["applied"]
    assert [
        one["id"] for one in lihong.get("/fieldwork/records", household=home).json()[0]["files"]
    ] == [file["id"]]

    path = f"/files/{file['id']}"
    shown = lihong.get(path)
    assert shown.status_code == 200
    assert SECRET not in shown.content
    assert [town.person(who).get(path).status_code for who in ("wuhua", "wangqiang")] == [200] * 2
    for who in ("zhaomin", "acceptor", "supervisor", "sysadmin"):
        assert town.person(who).get(path).status_code == 404, who
    released = town.person("acceptor").client.patch(f"/api/v1{path}", json={"released": True})
    assert released.status_code in (403, 404, 409)
    assert lihong.client.get(f"/api/v1/public{path}").status_code == 404
    with transaction(town.cell) as tx:
        advance(tx, service.ORPHAN_AFTER * 2)
    with transaction(town.cell) as tx:
        assert service.sweep_orphans(tx) == 0


def test_a_picture_waits_with_its_visit_for_the_leader(town: Town, field: Field) -> None:
    """What came with a visit by one is there when his leader lets it stand, days later.

    Seen red: with what nobody named in time swept although a visit awaits it.
    """
    lihong, leader = town.person("lihong"), town.person("wuhua")
    [home] = field.homes(lihong, 1)
    minded(field, leader, home)
    phone, hers = Phone(lihong, town.cell), Phone(leader, town.cell)
    photo = picture(size=(320, 240))
    payload: dict[str, Any] = {"household_id": home, "result": "in", "photos": [named(photo)]}
    visit = phone.op("visit.record", str(new_id()), payload)
    [receipt] = phone.push(visit)
    assert receipt["result"]["awaits"] == [named(photo)["sha256"]]
    phone.upload(photo)
    field.passes(days=5)
    with transaction(town.cell) as tx:
        assert service.sweep_orphans(tx) == 0
    taken = hers.ask(
        "POST", f"/sync/conflicts/{receipt['id']}", {"id": str(new_id()), "choice": "take"}
    )
    assert taken.status_code == 200, taken.text
    [kept] = lihong.get("/fieldwork/records", household=home).json()
    assert (kept["alone"], len(kept["files"])) == (True, 1)
    assert rows_of(town.cell, "select count(*)::int as n from upload_promises") == [{"n": 0}]
