"""What people do on the pages, in the words that stand there."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FilePayload, Locator, expect

from tests.e2e.browsing import DESK, PHONE, House, Seat
from tests.files.shapes import picture
from wangge.kernel.ids import new_id

FLOODED = "地下车库被水淹了"
GARAGE = f"{FLOODED}，三轮车都泡在水里，请尽快来抽水。"


def photo(name: str = "车库.jpg") -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture()}


@dataclass
class Resident:
    """Somebody with a telephone in the street."""

    seat: Seat
    code: str = ""

    def writes(self, text: str = GARAGE) -> None:
        page = self.seat.page
        self.seat.open("/r")
        page.get_by_role("link", name="我要反映").click()
        page.get_by_label("什么事", exact=True).fill(text)

    def names_the_garage(self) -> None:
        page = self.seat.page
        page.get_by_label("地点说明").fill("东方车库")
        page.get_by_role("button", name="东方社区地下车库").click()

    def sends(self) -> str:
        """The follow code that the page shows."""
        page = self.seat.page
        page.get_by_role("button", name="提交", exact=True).click()
        page.wait_for_url(re.compile(r"/r/sent/"))
        expect(page.get_by_role("heading", name="我们收到了")).to_be_visible()
        self.code = page.url.rsplit("/", 1)[-1]
        return self.code

    def reports(self, text: str = GARAGE) -> str:
        self.writes(text)
        self.names_the_garage()
        return self.sends()

    def looks(self) -> None:
        self.seat.open(f"/r/m/{self.code}")


@dataclass
class Desk:
    """Somebody at the desk's three columns."""

    seat: Seat

    @property
    def pane(self) -> Locator:
        return self.seat.page.locator("article.case-pane")

    def rows(self) -> Locator:
        return self.seat.page.locator("[data-case]")

    def queue(self, name: str) -> None:
        queues = self.seat.page.get_by_role("navigation", name="工作队列")
        queues.get_by_role("link", name=name).click()

    def opens(self, text: str, queue: str) -> str:
        """Opens the case in this queue; its id."""
        self.queue(queue)
        expect(self.pane).to_have_count(0)  # the one that was open goes with its queue
        row = self.rows().filter(has_text=text)
        row.click()
        expect(self.pane.get_by_role("heading", level=2)).to_contain_text(text)
        return row.get_attribute("data-case") or ""

    def begins(self, action: str) -> Locator:
        """Opens the form of a step that the page offers."""
        steps = self.pane.get_by_role("group", name="可办理的步骤")
        steps.get_by_role("button", name=action, exact=True).click()
        return self.pane.get_by_role("form", name=action, exact=True)

    def takes(self, action: str, **fields: str) -> None:
        form = self.begins(action)
        for label, words in fields.items():
            form.get_by_label(label).fill(words)
        self.submits(form, action)

    def submits(self, form: Locator, action: str) -> None:
        form.get_by_role("button", name=action, exact=True).click()
        expect(self.pane.get_by_role("status").filter(has_text="已完成")).to_have_text(
            re.compile(f"“{re.escape(action)}”已完成")
        )

    def accepts(self, kind: str) -> None:
        form = self.begins("受理")
        self.chooses(form, "事项类型", kind)
        self.submits(form, "受理")

    def dispatches(self, unit: str) -> None:
        form = self.begins("派单")
        self.chooses(form, "承办单位", unit)
        self.submits(form, "派单")

    def chooses(self, form: Locator, label: str, name: str) -> None:
        form.get_by_role("combobox", name=label).fill(name)
        form.get_by_role("option", name=name).first.click()


@dataclass
class Field:
    """Somebody outside with a telephone."""

    seat: Seat

    def opens(self, text: str) -> None:
        self.seat.open("/w")
        self.seat.page.get_by_role("link").filter(has_text=text).first.click()
        expect(self.seat.page.get_by_text(text).first).to_be_visible()

    def begins(self, action: str) -> Locator:
        page = self.seat.page
        page.get_by_role("button", name=action, exact=True).click()
        return page.locator("form.step-form")

    def takes(self, action: str, **fields: str) -> None:
        form = self.begins(action)
        for label, words in fields.items():
            form.get_by_label(label).fill(words)
        form.get_by_role("button", name=action, exact=True).click()
        expect(self.seat.page.get_by_role("status").filter(has_text="已提交")).to_be_visible()


def tried(seat: Seat, case: str, action: str, **filled: Any) -> tuple[int, str]:
    """The step by its address alone, for those whose page does not offer it: status and code."""
    body = {"id": str(new_id()), "action": action, **filled}
    answer = seat.api("POST", f"/cases/{case}/steps", body)
    refusal = answer.json()
    assert refusal["message"]["zh"]
    assert refusal["message"]["en"]
    return answer.status, refusal["code"]


def resident(house: House) -> Resident:
    return Resident(house.resident())


def at_desk(house: House, name: str) -> Desk:
    return Desk(house.staff(name, DESK))


def outside(house: House, name: str) -> Field:
    return Field(house.staff(name, PHONE))
