"""Doors of the desk: a step on many cases, filters that are kept, templates of answers."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from wangge.cases import answer_templates, bulk, kept_filters
from wangge.cases.models import Action
from wangge.cases.schemas import CaseCard, Long, NameView, Wire
from wangge.cases.service import not_found
from wangge.kernel.presence import Here, announce
from wangge.kernel.web import Db
from wangge.people.doors import Me

router = APIRouter(prefix="/api/v1", tags=["desk"])
Many = Literal[
    "accept", "register", "dispatch", "acknowledge", "send_check", "close", "urge", "remark"
]
Named = Annotated[str, Field(min_length=1, max_length=30)]
Worded = Annotated[str, Field(min_length=2, max_length=5000)]
Choice = Annotated[str, Field(max_length=400)]
FilterPage = Annotated[str, Query(max_length=20)]


class RowBody(Wire):
    """One case of the choice; ``id`` is the step's, made by the one who takes it."""

    case_id: UUID
    id: UUID
    version: int


class TogetherBody(Wire):
    """What is left empty each case fills with what is known of itself: type, unit, answer."""

    action: Many
    rows: Annotated[list[RowBody], Field(min_length=1, max_length=100)]
    note: Long = ""
    answer: Long = ""
    unit_id: UUID | None = None
    type: Annotated[str, Field(max_length=60)] | None = None

    def asked(self) -> bulk.Together:
        return bulk.Together(
            Action(self.action), self.note.strip(), self.answer.strip(), self.unit_id, self.type
        )

    def chosen(self) -> list[bulk.Row]:
        once = {row.case_id: row for row in self.rows}
        return [bulk.Row(row.case_id, row.id, row.version) for row in once.values()]


class RefusedRow(NameView):
    code: str


class TogetherRow(BaseModel):
    """What became, or would become, of one case; ``before`` is null for one that is not seen."""

    case_id: UUID
    before: CaseCard | None
    after: CaseCard | None
    refused: RefusedRow | None


class TogetherView(BaseModel):
    rows: list[TogetherRow]
    taken: int


def _answer(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"rows": rows, "taken": sum(row["refused"] is None for row in rows)}


@router.post("/cases/together/preview", operation_id="previewStepTogether",
             response_model=TogetherView)  # fmt: skip
def preview_together(body: TogetherBody, tx: Db, me: Me) -> dict[str, Any]:
    """What one step would do to each of the chosen cases, and which refuse it and why."""
    return _answer(bulk.previewed(tx, me, body.asked(), body.chosen()))


@router.post("/cases/together", operation_id="takeStepTogether", response_model=TogetherView)
def take_together(body: TogetherBody, tx: Db, me: Me) -> dict[str, Any]:
    """The step on each case that allows it; every row is a step of its own with its own rights."""
    return _answer(bulk.taken(tx, me, body.asked(), body.chosen()))


@router.put("/cases/{case_id}/presence", operation_id="openCaseHere", status_code=204)
def open_here(case_id: UUID, tx: Db, me: Me) -> None:
    """This person has the case open; colleagues who have it open too hear his name on their line.

    Said again every twenty seconds; kept in memory for less than a minute and written nowhere.
    """
    if tx.one("select from cases where id = %s", [case_id]) is None:
        raise not_found()
    announce(tx, Here(case_id, me.id, me.name, me.title, stays=True))


@router.delete("/cases/{case_id}/presence", operation_id="leaveCase", status_code=204)
def leave_case(case_id: UUID, tx: Db, me: Me) -> None:
    """Only one's own name goes, so it may be said of a case that one does not see any more."""
    announce(tx, Here(case_id, me.id, me.name, me.title, stays=False))


class FilterBody(Wire):
    """``address`` is the query of the list's own address; ``shared`` shows it to colleagues."""

    name: Named
    address: Annotated[dict[str, Choice | list[Choice]], Field(max_length=20)]
    shared: bool = False


class FilterView(BaseModel):
    """``unit`` is the organisation with which it is shared, ``by`` whose it is."""

    id: UUID
    name: str
    address: dict[str, str | list[str]]
    own: bool
    by: str
    unit: str | None


@router.get("/desk/filters", operation_id="listFilters", response_model=list[FilterView])
def list_filters(tx: Db, me: Me, page: FilterPage = "") -> list[dict[str, Any]]:
    """Those of the list of cases, or of the page that is named."""
    return kept_filters.listed(tx, me, page)


@router.put("/desk/filters/{filter_id}", operation_id="keepFilter", status_code=204)
def keep_filter(filter_id: UUID, body: FilterBody, tx: Db, me: Me) -> None:
    name = body.name.strip()
    kept_filters.keep(tx, me, filter_id, name=name, address=body.address, shared=body.shared)


@router.delete("/desk/filters/{filter_id}", operation_id="forgetFilter", status_code=204)
def forget_filter(filter_id: UUID, tx: Db, me: Me) -> None:
    kept_filters.forget(tx, me, filter_id)


class TriedView(BaseModel):
    """``open`` names the blanks for which the case has no words yet."""

    filled: str
    open: list[str]


class TemplateView(TriedView):
    id: UUID
    name: str
    text: str
    unit: str


class TemplateList(BaseModel):
    items: list[TemplateView]
    blanks: list[NameView]


class TextBody(Wire):
    text: Worded


class TemplateBody(TextBody):
    name: Named


@router.get("/cases/{case_id}/answer-templates", operation_id="listAnswerTemplates",
            response_model=TemplateList)  # fmt: skip
def list_templates(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    """The templates of one's organisations as they would stand in this case."""
    items = answer_templates.of_case(tx, me, case_id)
    return {"items": items, "blanks": answer_templates.blanks()}


@router.post("/cases/{case_id}/answer-templates/preview", operation_id="tryAnswerTemplate",
             response_model=TriedView)  # fmt: skip
def try_template(case_id: UUID, body: TextBody, tx: Db) -> dict[str, Any]:
    return answer_templates.tried(tx, case_id, body.text)


@router.put("/desk/answer-templates/{template_id}", operation_id="keepAnswerTemplate",
            status_code=204)  # fmt: skip
def keep_template(template_id: UUID, body: TemplateBody, tx: Db, me: Me) -> None:
    answer_templates.keep(tx, me, template_id, name=body.name.strip(), text=body.text.strip())


@router.delete("/desk/answer-templates/{template_id}", operation_id="forgetAnswerTemplate",
               status_code=204)  # fmt: skip
def forget_template(template_id: UUID, tx: Db, me: Me) -> None:
    answer_templates.forget(tx, me, template_id)
