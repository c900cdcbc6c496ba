"""Wire shapes of the rules: what screens send and what they are shown."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from wangge.kernel.db import Tx
from wangge.settings import settings
from wangge.tenant.case_types import Types
from wangge.tenant.deadline import Deadline
from wangge.tenant.exchange import Report, plain
from wangge.tenant.lists import Lists
from wangge.tenant.mistakes import Problem, warnings
from wangge.tenant.models import Named
from wangge.tenant.rules import DOCUMENTS, TITLES, Rules
from wangge.tenant.service import Import, Version
from wangge.tenant.switches import NOT_BUILT, described

Remark = Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f]*$")]


class RuleChange(BaseModel):
    """A new body for one document; ``version`` is the one that was on the screen.

    With ``move_open`` what is due on open cases follows the new rules; else it stays.
    """

    model_config = ConfigDict(extra="forbid")

    body: dict[str, Any]
    version: int = Field(ge=0)
    note: Remark = ""
    move_open: bool = False


class RuleRestore(BaseModel):
    """Go back to version ``to``; ``version`` is the one that was on the screen."""

    model_config = ConfigDict(extra="forbid")

    to: int = Field(ge=0)
    version: int = Field(ge=0)
    note: Remark = ""


class RulePreview(BaseModel):
    """A body that somebody is thinking about."""

    model_config = ConfigDict(extra="forbid")

    body: dict[str, Any]


class RuleFile(BaseModel):
    """The text of an exported file, and the ``seen`` of its dry run."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=2_000_000)
    note: Remark = ""
    seen: int | None = None
    move_open: bool = False


def _named(rows: tuple[Named, ...]) -> list[dict[str, Any]]:
    return [row.model_dump(mode="json", exclude_none=True) for row in rows if row.active]


def _types(types: Types) -> list[dict[str, Any]]:
    return [
        {
            "code": t.code,
            "zh": t.zh,
            "en": t.en,
            "parent": t.parent,
            "leaf": t.code not in types.parents,
            "level": t.level,
            "kind": t.kind,
            "sample": t.sample,
            "evidence": [evidence.photo for evidence in t.evidence],
        }
        for t in types.types
        if t.active
    ]


def logo_url(rules: Rules) -> str:
    """Return an address that changes with the picture, so that it may be kept for ever."""
    brand = rules.brand
    plain_colour = f"?colour={brand.colour[1:]}" if brand.logo == "builtin" else ""
    return f"/api/v1/tenant/logo/{brand.logo}{plain_colour}"


def tenant_view(tx: Tx, rules: Rules) -> dict[str, Any]:
    """Everything that a face needs before anybody has signed in."""
    clock = tx.one("select frozen_at is not null as frozen from clock")
    brand = rules.brand.model_dump(mode="json", exclude={"logo"})
    return {
        "tenant": tx.cell.tenant,
        "brand": {**brand, "logo_url": logo_url(rules)},
        "zone": rules.calendar.zone,
        "demo": settings().demo,
        "now": tx.now,
        "frozen": bool(clock and clock["frozen"]),
        "switches": plain(rules.switches),
        "patrol_stretches": rules.visits.stretches,
        "lists": {name: _named(getattr(rules.lists, name)) for name in Lists.model_fields},
        "types": _types(rules.types),
        "states": _named(rules.workflow.states),
        "actions": [
            {"code": action.code, "zh": action.zh, "en": action.en}
            for action in rules.workflow.actions
            if action.active
        ],
    }


def document_view(rules: Rules, name: str) -> dict[str, Any]:
    view = {**_head(rules, name), "body": plain(rules.document(name))}
    if name == "switches":
        view["described"] = [switch._asdict() for switch in described(rules.switches)]
        view["not_built"] = [refused._asdict() for refused in NOT_BUILT]
    return view


def version_view(name: str, found: Version) -> dict[str, Any]:
    """A version that was or is in force, and since when."""
    zh, en = TITLES[name]
    head = {"name": name, "title": {"zh": zh, "en": en}, "version": found.version}
    return {**head, "since": found.at, "body": plain(found.part)}


def rules_view(tx: Tx, rules: Rules) -> dict[str, Any]:
    return {
        "items": [_head(rules, name) for name in DOCUMENTS],
        "next": None,
        "warnings": problems_view(warned(tx, rules)),
    }


def warned(tx: Tx, rules: Rules) -> list[Problem]:
    return warnings(rules, tx.now.astimezone(rules.calendar.days.zone).date())


def _head(rules: Rules, name: str) -> dict[str, Any]:
    zh, en = TITLES[name]
    version = rules.versions.get(name, 0)
    return {"name": name, "title": {"zh": zh, "en": en}, "version": version}


def problems_view(problems: list[Problem]) -> list[dict[str, str]]:
    return [problem._asdict() for problem in problems]


def report_view(report: Report) -> dict[str, Any]:
    return {
        "name": report.name,
        "state": report.state,
        "changes": [change._asdict() for change in report.changes],
        "problems": problems_view(report.problems),
    }


def import_view(done: Import) -> dict[str, Any]:
    return {
        "applied": done.applied,
        "seen": done.seen,
        "documents": [report_view(report) for report in done.documents],
        "warnings": problems_view(list(done.warnings)),
    }


def deadline_view(found: Deadline) -> dict[str, Any]:
    limit = found.limit
    return {
        "start": found.start_at,
        "limit": {"text": str(limit), "zh": limit.zh, "en": limit.en},
        "due_at": found.due_at,
        "provisional": found.provisional,
        "missing_years": found.missing_years,
        "lines": [line._asdict() for line in found.explanation],
    }
