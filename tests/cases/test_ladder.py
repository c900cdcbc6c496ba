"""The ladder of desks: up, down and sideways by a person's word, and the clock runs on."""

from datetime import datetime
from uuid import UUID

import pytest

from tests.cases.test_loop import taken
from tests.cases.test_owned import listed, report
from tests.dispatch.conftest import work
from tests.dispatch.test_follows import Work, noticed
from tests.town import Person, Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id
from wangge.people import appointments
from wangge.people.models import PostDraft

__all__ = ["work"]


def appointed(town: Town, username: str, role: str, *, unit: str, area: str) -> Person:
    draft = PostDraft(new_id(), role, area_id=UUID(town.area(area)), unit_id=UUID(town.unit(unit)))
    with transaction(town.cell) as tx:
        appointments.appoint(tx, UUID(town.account(username)), draft, actor=None)
    return town.person(username)


@pytest.fixture
def county(town: Town) -> Person:
    """The county's desk gets an acceptor: the one whose other post looks at the whole county."""
    return appointed(town, "leader", "acceptor", unit="desk-379901", area="379901")


def test_a_desk_escalates_and_the_county_assigns_down(
    town: Town, client: object, county: Person, work: Work
) -> None:
    """Seen red: without the new desk's place in the effect the case stayed in the street's list."""
    case = report(client)
    street = town.person("acceptor")
    before = street.get(f"/cases/{case}").json()
    offered = [action["action"] for action in before["actions"]]
    assert "escalate" in offered
    assert "transfer" in offered
    assert "assign_down" in offered  # 东方社区's own desk lies below, on the ground of the case

    refused = taken(street, case, "escalate")
    assert (refused.status_code, refused.json()["code"]) == (422, "field_needed")
    work()
    up = taken(street, case, "escalate", note="涉及全区排水管网，街道无力解决").json()

    assert up["desk"]["name"] == "安东区网格化服务管理中心"
    assert up["state"] == "reported"
    assert (up["due_at"], up["due_limit"]) == (before["due_at"], before["due_limit"])
    assert listed(street, "to_accept") == []
    assert listed(county, "to_accept") == [case]
    told = up["steps"][-1]
    assert (told["action"], told["note"]) == ("escalate", "涉及全区排水管网，街道无力解决")
    assert told["data"]["from_desk"] == "安和街道网格中心"
    assert told["data"]["to_desk"] == "安东区网格化服务管理中心"
    lines = county.get(f"/cases/{case}/deadline").json()
    assert datetime.fromisoformat(lines["due_at"]) == datetime.fromisoformat(before["due_at"])
    work()
    assert "case_escalate" in noticed(county)
    assert town.person("liulin").get(f"/cases/{case}").status_code == 404

    down = taken(county, case, "assign_down", note="请街道先行处置").json()
    assert down["desk"]["name"] == "安和街道网格中心"
    assert listed(street, "to_accept") == [case]
    assert listed(county, "to_accept") == []


def test_the_ladder_has_ends(town: Town, client: object) -> None:
    case = report(client)
    city = town.person("citydesk")
    taken(town.person("acceptor"), case, "escalate", note="区里无人值守，请市里协调")
    offered = [action["action"] for action in city.get(f"/cases/{case}").json()["actions"]]
    assert "escalate" not in offered
    assert "assign_down" in offered

    refused = taken(city, case, "escalate", note="再往上")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_desk_above")
    refused = taken(town.person("dongfang"), case, "assign_down", note="往下")
    assert refused.status_code in (403, 404)


def test_a_matter_is_transferred_to_a_desk_of_the_same_level(town: Town, client: object) -> None:
    case = report(client)
    street, other = town.person("acceptor"), town.person("liulin")
    for wrong in ("urban-379901", "desk-3799", "desk-379901001"):
        refused = taken(street, case, "transfer", note="转", unit_id=town.unit(wrong))
        assert (refused.status_code, refused.json()["code"]) == (422, "no_such_desk"), wrong

    moved = taken(
        street, case, "transfer", note="实际发生在柳林镇", unit_id=town.unit("desk-379901101")
    )

    assert moved.json()["desk"]["name"] == "柳林镇网格中心"
    assert listed(other, "to_accept") == [case]
    assert listed(street, "to_accept") == []
    assert taken(street, case, "accept").status_code == 403
    assert taken(other, case, "accept", type="waterlogging").json()["state"] == "registered"
