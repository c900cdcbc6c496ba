"""Verification first, where a city wants it of a type: for what the public reports."""

from typing import Any

from tests.cases.test_loop import taken
from tests.dispatch.test_follows import report, rule
from tests.town import Person, Town
from wangge.kernel.ids import new_id


def test_a_type_that_asks_for_it_is_verified_before_it_is_accepted(town: Town, client: Any) -> None:
    """The class says it, its types follow; an emergency and what staff found wait for nothing.

    Seen red: without the check the acceptor took it on at once.
    """
    admin, acceptor = town.person("sysadmin"), town.person("acceptor")
    types = admin.get("/rules/types").json()["body"]["types"]
    for one in types:
        one["verify_first"] = one["code"] == "city_appearance"
    rule(town, "types", types=types)
    case = report(client, text="楼顶搭了棚")

    refused = taken(acceptor, case, "accept", type="illegal_building")
    assert (refused.status_code, refused.json()["code"]) == (409, "verify_first")
    assert refused.json()["details"]["instead"] == "send_verify"
    assert taken(acceptor, report(client), "accept", type="street_lamp").status_code == 200

    assert taken(acceptor, case, "send_verify").json()["state"] == "verifying"
    assert taken(town.person("lihong"), case, "verify", note="属实").status_code == 200
    assert taken(acceptor, case, "accept", type="illegal_building").status_code == 200

    burning = report(client, text="东方社区三号楼着火了")
    assert taken(acceptor, burning, "accept", type="illegal_building").status_code == 200
    found: dict[str, Any] = {"id": str(new_id()), "text": "楼顶搭了棚", "channel": "worker",
             "lon": 118.10, "lat": 37.30}  # fmt: skip
    assert town.person("lihong").post("/cases", found).status_code == 200
    assert taken(acceptor, found["id"], "accept", type="illegal_building").status_code == 200


def test_the_delivered_rules_have_types_that_are_looked_at_first(town: Town, client: Any) -> None:
    """私搭乱建、油烟: the button that leads on is to send somebody, until somebody was sent.

    Seen red: with ``primary`` as the law has it the acceptor was led to a step that is refused.
    """
    acceptor, fumes = town.person("acceptor"), report(client, text="楼下烧烤店油烟太大，呛人")

    assert led_to(acceptor, fumes) == ["send_verify"]
    assert taken(acceptor, fumes, "accept", type="oil_fumes").json()["code"] == "verify_first"
    taken(acceptor, fumes, "send_verify")
    taken(town.person("lihong"), fumes, "verify", note="属实")
    assert led_to(acceptor, fumes) == ["accept"]
    assert taken(acceptor, fumes, "accept", type="oil_fumes").json()["state"] == "registered"


def led_to(person: Person, case: str) -> list[str]:
    actions = person.get(f"/cases/{case}").json()["actions"]
    return [one["action"] for one in actions if one["primary"]]
