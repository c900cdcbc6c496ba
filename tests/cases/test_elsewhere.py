"""不在我网格: what lies elsewhere goes back with the place that its worker believes."""

from typing import Any

from tests.cases.test_loop import taken, told
from tests.cases.test_owned import listed
from tests.sync.phones import Phone
from tests.town import Town
from wangge.kernel.ids import new_id

IN_GRID_2 = {"lon": 118.1, "lat": 37.1}


def gives_back(phone: Phone, case: dict[str, Any], **payload: Any) -> dict[str, Any]:
    (receipt,) = phone.push(
        phone.op(
            "case.step",
            case["id"],
            {"action": "not_here", "reason": "next_grid", **payload},
            based_on={"version": phone.person.get(f"/cases/{case['id']}").json()["version"]},
        )
    )
    return receipt


def test_a_worker_gives_a_matter_back_as_not_in_his_grid(town: Town, client: Any) -> None:
    """By the phone's road, so also written without a line; the desk that sent it decides.

    Seen red: with the step missing where he was sent to verify nothing went back;
    without the check of the point his own grid was taken for another.
    """
    desk, lihong = town.person("acceptor"), Phone(town.person("lihong"), town.cell)
    case = client.post("/api/v1/public/cases", json=told()).json()
    taken(desk, case["id"], "send_verify")
    here = gives_back(lihong, case, lon=118.12, lat=37.32)
    assert (here["state"], here["code"], here["details"]["field"]) == (
        "refused", "same_grid", "place",
    )  # fmt: skip
    lihong.seqs[case["id"]] = 0
    done = gives_back(lihong, case, note="在路南边", **IN_GRID_2)

    assert (done["state"], done["result"]["state"]) == ("applied", "reported"), done
    assert case["id"] in listed(desk, "to_accept")
    whole = desk.get(f"/cases/{case['id']}").json()
    step = whole["steps"][-1]
    assert (step["action"], step["reason"], step["note"]) == ("not_here", "next_grid", "在路南边")
    assert step["data"]["names"][-2:] == ["东方社区", "第2网格"]
    point = {key: step["data"][key] for key in ("lon", "lat")}
    corrected = {"id": str(new_id()), "version": whole["version"], **point}
    assert desk.patch(f"/cases/{case['id']}", corrected).status_code == 200
    taken(desk, case["id"], "send_verify")
    assert case["id"] in listed(town.person("wangqiang"), "to_verify")
    assert case["id"] not in listed(lihong.person, "to_verify")
