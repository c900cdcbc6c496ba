"""One table of rights, asked at every door: the answers may never differ from it."""

import io
from typing import Any

import openpyxl
import pytest

from tests.rights.conftest import WORD, Situations, scoped
from tests.rights.oracle import ASKERS, POSTS, SEES, seen_by
from wangge.kernel import fact_log
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id
from wangge.kernel.live import Listener
from wangge.people.models import Actor

every_post = pytest.mark.parametrize("post", POSTS)


def test_the_table_is_whole() -> None:
    assert len(SEES) == 12
    assert all(len(row) == len(POSTS) == 10 for row in SEES.values())
    assert seen_by("sysadmin") == set()
    assert seen_by("citydesk") == set(SEES)


def listed(city: Situations, post: str, **params: Any) -> set[str]:
    """Every page of a list, three rows at a time."""
    found: set[str] = set()
    cursor = ""
    while True:
        answer = city.people[post].get("/cases", cursor=cursor, limit=3, **params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        ids = {card["id"] for card in page["items"]}
        assert not ids & found, "no row stands on two pages"
        found |= ids
        if not page["next"]:
            return city.names(found)
        cursor = page["next"]


@every_post
@pytest.mark.parametrize("rest", ["", "/deadline"])
def test_one_case_by_its_id(city: Situations, post: str, rest: str) -> None:
    answers = {
        name: city.people[post].get(f"/cases/{made.id}{rest}").status_code
        for name, made in city.cases.items()
    }

    assert answers == {name: 200 if name in seen_by(post) else 404 for name in SEES}


@every_post
def test_the_printed_file(city: Situations, post: str) -> None:
    """Every file that is refused, and one that is not: printing takes its second."""
    hidden = set(SEES) - seen_by(post)
    answers = {
        name: city.people[post].get(f"/cases/{city.cases[name].id}/print.pdf")
        for name in [*hidden, *sorted(seen_by(post))[:1]]
    }

    assert all(answers[name].status_code == 404 for name in hidden)
    assert all(
        answer.status_code == 200 and answer.content.startswith(b"%PDF")
        for name, answer in answers.items()
        if name not in hidden
    )


@every_post
def test_absent_and_invisible_look_the_same(city: Situations, post: str) -> None:
    absent = city.people[post].get(f"/cases/{new_id()}").json()
    for name in set(SEES) - seen_by(post):
        hidden = city.people[post].get(f"/cases/{city.cases[name].id}").json()
        assert {**hidden, "request_id": ""} == {**absent, "request_id": ""}


@every_post
def test_the_list_page_by_page(city: Situations, post: str) -> None:
    assert listed(city, post) == seen_by(post)


@every_post
def test_search_by_words(city: Situations, post: str) -> None:
    assert listed(city, post, q=WORD) == seen_by(post)


@every_post
def test_search_by_one_character(city: Situations, post: str) -> None:
    assert listed(city, post, q="榴") == seen_by(post)


@every_post
def test_search_by_number(city: Situations, post: str) -> None:
    found = {name for name, made in city.cases.items() if listed(city, post, q=made.number)}

    assert found == seen_by(post)


@every_post
def test_the_whole_city_as_a_filter_shows_no_more(city: Situations, post: str) -> None:
    assert listed(city, post, area=city.town.area("3799")) == seen_by(post)


@every_post
def test_what_a_department_ever_had_shows_no_more(city: Situations, post: str) -> None:
    had = {"dispatched_to_the_county", "returned_by_the_county"}

    assert listed(city, post, unit=city.town.unit("urban-379901")) == had & seen_by(post)


@every_post
def test_queues_count_what_they_list_and_nothing_else(city: Situations, post: str) -> None:
    for queue in city.people[post].get("/cases/queues").json():
        rows = listed(city, post, queue=queue["code"])
        assert len(rows) == queue["count"], queue
        assert rows <= seen_by(post), queue


def test_the_counts_of_two_posts_by_hand(city: Situations) -> None:
    def counts(post: str) -> dict[str, int]:
        queues = city.people[post].get("/cases/queues").json()
        return {queue["code"]: queue["count"] for queue in queues}

    lihong, acceptor = counts("lihong"), counts("acceptor")

    assert lihong["in_grid"] == 3  # grid_1, confidential, handled_by_property
    assert lihong["reported_by_me"] == 1
    assert lihong["to_check"] == 1  # handled_by_property
    assert acceptor["to_accept"] == 6
    assert acceptor["in_hand"] == 2
    assert counts("sysadmin") == {}


@every_post
def test_the_export(city: Situations, post: str) -> None:
    answer = city.people[post].get("/cases/export.xlsx")
    if post == "sysadmin":
        assert answer.status_code == 403
        return
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}

    found = {name for name, made in city.cases.items() if made.number in cells}
    assert found == seen_by(post)


@every_post
@pytest.mark.parametrize("size", ["full", "thumb"])
def test_photo_addresses(city: Situations, post: str, size: str) -> None:
    answers = {
        name: city.people[post].get(f"/files/{made.photo}", size=size).status_code
        for name, made in city.cases.items()
    }

    assert answers == {name: 200 if name in seen_by(post) else 404 for name in SEES}


def test_photos_are_nobodys_without_an_account(city: Situations) -> None:
    for made in city.cases.values():
        assert city.public.get(f"/api/v1/files/{made.photo}").status_code == 401
        assert city.public.get(f"/api/v1/public/files/{made.photo}").status_code == 404


@every_post
def test_the_live_line(city: Situations, post: str) -> None:
    """The newest fact of each case is heard by exactly those who may see the case."""
    with transaction(city.town.cell) as tx:
        facts = fact_log.read(tx, 0).facts
    newest = {str(fact["subject"]): fact for fact in facts if fact["name"] == "CaseMoved"}
    with scoped(city, post) as tx:
        actor = Actor.of(tx)
    listener = Listener(actor.id, list(actor.scope), actor.unit_ids)

    heard = {name for name, made in city.cases.items() if listener.hears(newest[made.id])}

    assert heard == seen_by(post)


@every_post
def test_notices_tell_nobody_of_what_he_may_not_see(city: Situations, post: str) -> None:
    notices = city.people[post].get("/notices", limit=200).json()["items"]

    about = city.names({notice["case_id"] for notice in notices if notice["case_id"]})
    assert about <= seen_by(post)
    if post in {"acceptor", "citydesk", "liulin", "handler"}:
        assert about, "the desk and the unit whose turn it is are told"


@every_post
def test_the_askers_name_and_number(city: Situations, post: str) -> None:
    read = {
        name
        for name, made in city.cases.items()
        if city.people[post].get(f"/cases/{made.id}/asker", reason="回访").status_code == 200
    }

    assert read == ASKERS.get(post, frozenset())


@pytest.mark.parametrize("post", ["lihong", "wuhua", "acceptor", "citydesk"])
def test_a_confidential_asker_is_known_at_the_desk_in_charge_alone(
    city: Situations, post: str
) -> None:
    """Not even his masked name is on the screen of anybody else."""
    asker = city.people[post].get(f"/cases/{city.cases['confidential'].id}").json()["asker"]

    known = post == "acceptor"
    assert asker["mode"] == "confidential"
    assert (bool(asker["name_masked"]), bool(asker["phone_masked"])) == (known, known)


@every_post
def test_a_step_on_a_guessed_id(city: Situations, post: str) -> None:
    answers = {}
    for name, made in city.cases.items():
        body = {"id": str(new_id()), "action": "remark", "note": "看一下"}
        answers[name] = city.people[post].post(f"/cases/{made.id}/steps", body).status_code

    assert answers == {name: 200 if name in seen_by(post) else 404 for name in SEES}


@every_post
def test_a_correction_of_a_guessed_id(city: Situations, post: str) -> None:
    for name in set(SEES) - seen_by(post):
        body = {"id": str(new_id()), "version": 1, "place_words": "别处"}
        assert city.people[post].patch(f"/cases/{city.cases[name].id}", body).status_code == 404


def test_a_post_that_ends_ends_the_sight(city: Situations) -> None:
    zhouping = city.people["zhouping"]
    assert zhouping.get(f"/cases/{city.cases['other_town'].id}").status_code == 200
    with transaction(city.town.cell) as tx:
        ended = tx.rows(
            "update posts set valid = daterange(lower(valid), city_today())"
            " where account_id = %s returning id",
            [zhouping.account_id],
        )
    try:
        assert zhouping.get(f"/cases/{city.cases['other_town'].id}").status_code == 404
        assert listed(city, "zhouping") == set()
    finally:
        with transaction(city.town.cell) as tx:
            tx.run(
                "update posts set valid = daterange(lower(valid), null) where id = any(%s)",
                [[row["id"] for row in ended]],
            )


def test_a_callers_earlier_matters_stay_in_sight(city: Situations) -> None:
    """A number names its matters only to a desk that may see them; a confidential one in charge."""

    def of(post: str, phone: str) -> set[str]:
        answer = city.people[post].get("/callers", phone=phone)
        assert answer.status_code == 200, answer.text
        return city.names({card["id"] for card in answer.json()})

    other_town = f"138546{list(SEES).index('other_town') * 10:05d}"
    assert of("liulin", other_town) == {"other_town"}
    assert of("acceptor", other_town) == set()
    assert of("acceptor", "13900001111") == {"confidential"}
    assert of("citydesk", "13900001111") == set()
    assert city.people["lihong"].get("/callers", phone=other_town).status_code == 403
