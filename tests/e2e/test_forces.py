"""A leader looks who serves: from the street's committee down to a branch, and one whole grid."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import PHONE, House
from tests.teams.test_party import EAST, GRID, GRID2, STREET, found
from tests.teams.test_teams import found as team_of
from tests.teams.test_teams import seat
from tests.town import Town


@pytest.mark.usefixtures("everybody_may_be_played")
@pytest.mark.mission("BX-06")
@pytest.mark.mission("DC-03")
def test_two_clicks_from_the_street_to_a_branch(house: House, town: Town) -> None:
    """Click the street's committee, then the community's, and a branch stands there.

    Acceptance BX-06: "from street party committee drill to a grid branch in 2 clicks". Acceptance
    DC-03: "a grid page shows both chains".
    """
    street = found(town, "jd", "committee", STREET, name="安和街道党工委")
    east = found(town, "sq", "committee", EAST, parent_id=street, name="东方社区党委")
    for n, grid in enumerate((GRID, GRID2), start=1):
        found(town, f"zb{n}", "branch", EAST, parent_id=east, name=f"第{n}网格党支部",
              grids=[town.area(grid)])  # fmt: skip
    team = team_of(town, "t1", EAST, GRID, GRID2)
    seat(town, team, slot="others", kind="mediator", name="老贾")

    for size in (None, PHONE):
        leader = house.staff("尤主任", **({"size": size} if size else {}))
        leader.open("/desk/forces")
        page = leader.page
        # The only top is open at once.
        page.get_by_role("button", name="东方社区党委").click()
        expect(page.get_by_role("button", name="第1网格党支部")).to_be_visible()
        page.get_by_role("button", name="第1网格党支部").click()
        page.get_by_role("link", name="东方社区 第1网格").click()
        chains = page.get_by_role("list")
        expect(chains.filter(has_text="安东区")).to_contain_text("东方社区")
        expect(chains.filter(has_text="党工委")).to_contain_text("第1网格党支部")
        expect(page.get_by_text("老贾")).to_be_visible()
