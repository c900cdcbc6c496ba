"""群众安全感测评: a survey from its draft to its result, with nobody in it.

Of an answer is kept what was answered, the part of the ground that was chosen and whether it came
on paper: no moment, no address, no account, no device, and its id is made unreadable. So nobody can
say whose it is, those who keep the system least of all.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.areas import atlas
from wangge.areas.models import Area, Level
from wangge.audit import service as audit
from wangge.intake.reading import LETTERS
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.people.models import Actor
from wangge.settings import settings
from wangge.studies.models import FORMULA, LEAST, SCALES, Sheet, State, SurveyDraft, Way
from wangge.studies.rights import RUN, TYPE, must_see, no_such_survey
from wangge.studies.survey_results import Part, found

LONGEST = 370
SURVEY = """
select id, code, title, area_id, pos, opens_on, closes_on, planned, questions, state, made_name,
    at, opened_at, closed_at, released_at
from surveys
"""
PUBLIC = f"{SURVEY} where state in ('open', 'released') order by at desc limit 50"
PUT = """
insert into surveys (id, code, title, area_id, pos, opens_on, closes_on, planned, questions, state,
    made_by, made_name, at)
values (%(id)s, %(code)s, %(title)s, %(area)s, %(pos)s, %(opens)s, %(closes)s, %(planned)s,
    %(questions)s, 'draft', %(by)s, %(name)s, %(now)s)
on conflict (id) do update set title = excluded.title, area_id = excluded.area_id,
    pos = excluded.pos, opens_on = excluded.opens_on, closes_on = excluded.closes_on,
    planned = excluded.planned, questions = excluded.questions
"""
# From which states a step leads where, and the moment it leaves behind.
STEPS: dict[str, tuple[tuple[State, ...], State, str]] = {
    "open": ((State.DRAFT,), State.OPEN, "opened_at"),
    "close": ((State.OPEN,), State.CLOSED, "closed_at"),
    "release": ((State.CLOSED,), State.RELEASED, "released_at"),
    "withdraw": ((State.RELEASED,), State.CLOSED, "closed_at"),
}
STEP = {
    "open": "update surveys set state = 'open', opened_at = %s where id = %s",
    "close": "update surveys set state = 'closed', closed_at = %s where id = %s",
    "release": "update surveys set state = 'released', released_at = %s where id = %s",
    "withdraw": "update surveys set state = 'closed', released_at = null, closed_at = %s"
    " where id = %s",
}
ANSWER = """
insert into survey_answers (id, survey_id, area_id, way, answers)
select a.id, %(survey)s, a.area_id, %(way)s, string_to_array(a.answers, ',')::smallint[]
from unnest(%(ids)s::uuid[], %(areas)s::uuid[], %(answers)s::text[]) as a(id, area_id, answers)
on conflict (id) do nothing
"""
COUNTS = """
select q.ord::int as q, a.area_id, a.way, q.value, count(*)::int as n
from survey_answers a, unnest(a.answers) with ordinality q(value, ord)
where a.survey_id = %s and q.value > 0 group by 1, 2, 3, 4
"""
RECEIVED = """
select area_id, way, count(*)::int as n from survey_answers where survey_id = %s group by 1, 2
"""


def listed(tx: Tx) -> list[dict[str, Any]]:
    """Surveys of one's own ground, as row-level security shows them, the newest first."""
    places = atlas.of(tx)
    return [
        {**row, "area": places.area(row["area_id"]).short_name}
        for row in tx.rows(f"{SURVEY} order by at desc, id limit 200")
    ]


def put(tx: Tx, actor: Actor, draft: SurveyDraft) -> None:
    """Write a survey, or change it before it is opened."""
    area = atlas.of(tx).area(draft.area_id)
    actor.must_at(RUN, pos=area.pos)
    row = tx.one(f"{SURVEY} where id = %s for update", [draft.id])
    if row:
        must_see(actor, row, no_such_survey())
        actor.must_at(RUN, pos=row["pos"])
        if row["state"] != State.DRAFT:
            raise Refusal(
                "survey_begun",
                "测评已经开始，题目和范围不能再改；要改请另建一次",
                "the survey has begun: what it asks stays; write another one",
            )
    if not 0 <= (draft.closes_on - draft.opens_on).days <= LONGEST:
        raise Invalid(
            "bad_period", "截止日期要在开始之后、一年之内",
            "it must end after it begins and within a year", field="closes_on",
        )  # fmt: skip
    questions = [{"zh": one.zh, "en": one.en, "scale": one.scale} for one in draft.questions]
    tx.run(
        PUT,
        {
            "id": draft.id, "title": draft.title, "area": area.id, "pos": area.pos,
            "code": "".join(secrets.choice(LETTERS) for _ in range(10)),
            "opens": draft.opens_on, "closes": draft.closes_on, "planned": draft.planned,
            "questions": Jsonb(questions), "by": actor.id, "name": actor.name, "now": tx.now,
        },
    )  # fmt: skip
    audit.record(tx, "survey.put", draft.id, draft.title, account_id=actor.id)


def step(tx: Tx, actor: Actor, survey_id: UUID, name: str) -> None:
    """Open, close, release or take back what was released; each once, in this order."""
    row = must_see(
        actor, tx.one(f"{SURVEY} where id = %s for update", [survey_id]), no_such_survey()
    )
    actor.must_at(RUN, pos=row["pos"])
    sources, target, _ = STEPS[name]
    if State(row["state"]) is target and name != "withdraw":
        return
    if State(row["state"]) not in sources:
        raise Refusal(
            "wrong_state", "这次测评现在不能做这一步", "the survey is not where this step begins",
            state=row["state"],
        )  # fmt: skip
    tx.run(STEP[name], [tx.now, survey_id])
    audit.record(tx, f"survey.{name}", survey_id, row["title"], account_id=actor.id)


def type_in(tx: Tx, actor: Actor, survey_id: UUID, sheets: Sequence[Sheet]) -> int:
    """Answers from paper; returns how many sheets there are now. The log has who typed how many."""
    row = must_see(actor, tx.one(f"{SURVEY} where id = %s", [survey_id]), no_such_survey())
    actor.must_at(TYPE, pos=row["pos"])
    if row["state"] != State.OPEN:
        raise _not_open()
    _keep(tx, row, sheets, Way.PAPER)
    audit.record(tx, "survey.typed", survey_id, detail={"n": len(sheets)}, account_id=actor.id)
    return _received(tx, survey_id)


def answer(tx: Tx, code: str, sheet: Sheet) -> None:
    """One person's answers by the code; the same id twice counts once."""
    row = of_code(tx, code)
    if not takes(row, atlas.today(tx)):
        raise _not_open()
    _keep(tx, row, [sheet], Way.PUBLIC)


def _keep(tx: Tx, row: dict[str, Any], sheets: Sequence[Sheet], way: Way) -> None:
    here = {area.id for area in parts_of(tx, row)}
    for n, sheet in enumerate(sheets, start=1):
        if len(sheet.answers) != len(row["questions"]) or not any(sheet.answers):
            raise Invalid(
                "answers_missing",
                f"第 {n} 份：请至少回答一题，题数要和问卷一致",
                f"sheet {n}: answer at least one question, as many as are asked",
                field="answers", row=n,
            )  # fmt: skip
        if sheet.area_id and sheet.area_id not in here:
            raise Invalid(
                "area_not_here", f"第 {n} 份：所选地方不在测评范围内",
                f"sheet {n}: the place is not part of this survey", field="area_id", row=n,
            )  # fmt: skip
    tx.run(
        ANSWER,
        {
            "survey": row["id"], "way": way.value, "ids": [blind(one.id) for one in sheets],
            "areas": [one.area_id for one in sheets],
            "answers": [",".join(map(str, one.answers)) for one in sheets],
        },
    )  # fmt: skip


def blind(sheet_id: UUID) -> UUID:
    """An id that tells neither when it was made nor by whom; of the same id always the same."""
    return UUID(bytes=hashlib.sha256(sheet_id.bytes).digest()[:16], version=4)


def of_code(tx: Tx, code: str) -> dict[str, Any]:
    row = tx.one(
        f"{SURVEY} where code = %s and state <> 'draft'",
        ["".join(filter(str.isalnum, code.upper()))],
    )
    if row is None:
        raise no_such_survey()
    return row


def public_list(tx: Tx) -> list[dict[str, Any]]:
    """What takes answers today and what was released, the newest first."""
    places, today = atlas.of(tx), atlas.today(tx)
    return [
        {
            "code": row["code"],
            "title": row["title"],
            "area": places.area(row["area_id"]).name,
            "closes_on": row["closes_on"],
            "takes": takes(row, today),
            "released": row["state"] == State.RELEASED,
        }
        for row in tx.rows(
            f"{SURVEY} where state in ('open', 'released') order by at desc limit 50"
        )
        if row["state"] == State.RELEASED or takes(row, today)
    ]


def takes(row: dict[str, Any], today: date) -> bool:
    """Whether anybody may answer today."""
    return bool(row["state"] == State.OPEN and row["opens_on"] <= today <= row["closes_on"])


def parts_of(tx: Tx, row: dict[str, Any]) -> list[Area]:
    """The areas next below the survey's own, down to the community at the finest."""
    places = atlas.of(tx)
    below = places.below.get(row["area_id"], [])
    return [one for one in below if one.level.depth <= Level.COMMUNITY.depth]


def seen(tx: Tx, actor: Actor, survey_id: UUID) -> dict[str, Any]:
    """A survey with what came in; what was answered only when it is closed."""
    row = must_see(actor, tx.one(f"{SURVEY} where id = %s", [survey_id]), no_such_survey())
    parts = parts_of(tx, row)
    came = tx.rows(RECEIVED, [survey_id])
    planned = quotas(tx, row["planned"], parts)
    return {
        **described(tx, row),
        "id": row["id"],
        "made_name": row["made_name"],
        "url": address(tx, row["code"]),
        "received": sum(one["n"] for one in came),
        "received_paper": sum(one["n"] for one in came if one["way"] == Way.PAPER),
        "quotas": [
            {
                "id": part.id,
                "name": part.short_name,
                "planned": planned[part.id],
                "received": sum(one["n"] for one in came if one["area_id"] == part.id),
            }
            for part in parts
        ],
        "may": _may(actor, row),
        "result": result(tx, row) if row["state"] in (State.CLOSED, State.RELEASED) else None,
    }


def _may(actor: Actor, row: dict[str, Any]) -> list[str]:
    allowed = []
    if actor.may_at(RUN, pos=row["pos"]):
        allowed += [name for name, (sources, *_) in STEPS.items() if row["state"] in sources]
        allowed += ["change"] if row["state"] == State.DRAFT else []
    if row["state"] == State.OPEN and actor.may_at(TYPE, pos=row["pos"]):
        allowed.append("type")
    return allowed


def described(tx: Tx, row: dict[str, Any]) -> dict[str, Any]:
    """What everybody may know of a survey: what it asks, where and when."""
    return {
        "code": row["code"],
        "title": row["title"],
        "area": atlas.of(tx).area(row["area_id"]).name,
        "area_id": row["area_id"],
        "opens_on": row["opens_on"],
        "closes_on": row["closes_on"],
        "planned": row["planned"],
        "state": row["state"],
        "takes": takes(row, atlas.today(tx)),
        "parts": [{"id": one.id, "name": one.short_name} for one in parts_of(tx, row)],
        "questions": [
            {
                "words": {"zh": one["zh"], "en": one["en"] or one["zh"]},
                "scale": one["scale"],
                "choices": [{"zh": zh, "en": en} for zh, en in SCALES[one["scale"]]],
            }
            for one in row["questions"]
        ],
    }


def quotas(tx: Tx, planned: int, parts: Sequence[Area]) -> dict[UUID, int]:
    """The planned sheets shared out by the number of base grids, each remainder to the largest.

    A base grid is 150 to 200 households, so that is by households as nearly as is known.
    """
    places = atlas.of(tx)
    grids = {
        part.id: sum(
            n
            for (level, kind, _), n in places.counted(part).items()
            if level is Level.GRID and kind == "base"
        )
        for part in parts
    }
    whole = sum(grids.values()) or 1
    exact = {part: planned * n / whole for part, n in grids.items()}
    given = {part: int(n) for part, n in exact.items()}
    left = planned - sum(given.values()) if sum(grids.values()) else 0
    for part in sorted(exact, key=lambda one: given[one] - exact[one])[:left]:
        given[part] += 1
    return given


def result(tx: Tx, row: dict[str, Any]) -> dict[str, Any]:
    """What was answered: of each question n, share and counts, by area and by way where many."""
    places = atlas.of(tx)
    answers = found(tx.rows(COUNTS, [row["id"]]), len(row["questions"]))
    for one in answers:
        one["areas"] = [
            _told(part, [places.area(key).short_name for key in part.keys if key])
            for part in one["areas"]
        ]
        one["ways"] = [_told(part, list(part.keys)) for part in one["ways"]]
    sheets = _received(tx, row["id"])
    return {
        "sheets": sheets if sheets >= LEAST else None,
        "least": LEAST,
        "formula": {"zh": FORMULA[0], "en": FORMULA[1]},
        "answers": answers,
    }


def _told(part: Part[Any], names: list[str]) -> dict[str, Any]:
    return {
        "names": names, "unsaid": None in part.keys, "n": part.n, "upper": part.upper,
        "share": part.share,
    }  # fmt: skip


def _received(tx: Tx, survey_id: UUID) -> int:
    row = tx.one("select count(*)::int as n from survey_answers where survey_id = %s", [survey_id])
    return int(row["n"]) if row else 0


def address(tx: Tx, code: str) -> str:
    return f"{settings().public_url.format(tenant=tx.cell.tenant)}/r/survey/{code}"


def _not_open() -> Refusal:
    return Refusal(
        "survey_not_open", "这次测评现在不收答卷", "this survey takes no answers at this time"
    )
