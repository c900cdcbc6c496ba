"""What phones do about cases without a network: notes, steps, corrections, photos; what they hold.

Notes and photos always count. A step that came too late is a proposal, and its words stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from wangge.cases import queries
from wangge.cases.complaints import is_about
from wangge.cases.corrections import Correction, correct
from wangge.cases.lists import FEW_GRIDS
from wangge.cases.models import Action, StepInput, Taker
from wangge.cases.opening import PHOTO
from wangge.cases.schemas import CorrectionBody, Lat, Lon, Long, StepBody, Wire
from wangge.cases.service import locked, marked, not_found, step_of_account
from wangge.cases.views import view
from wangge.files import service as files
from wangge.files import uploads
from wangge.files.models import Purpose
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.operations import (
    Collection,
    Kind,
    Later,
    Merging,
    Operation,
    Outcome,
    Place,
    collection,
    is_too_late,
    kind,
)
from wangge.kernel.operations import State as Became
from wangge.people.models import Actor
from wangge.tenant.service import rules

MOST_HELD = 500
MOVED_SINCE = """
select 1 from case_steps where case_id = %s and seq > %s and source is distinct from target limit 1
"""


class PhotoBody(Wire):
    """A photo by the hash of what the phone will upload."""

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    purpose: Purpose = Purpose.OTHER

    def photo(self) -> uploads.Photo:
        return uploads.Photo(bytes.fromhex(self.sha256), self.purpose)


Photos = Annotated[list[PhotoBody], Field(max_length=18, default_factory=list)]


class NoteBody(Wire):
    note: Long
    photos: Photos


class AttachBody(Wire):
    photos: Annotated[list[PhotoBody], Field(min_length=1, max_length=18)]
    step: UUID | None = None


class PlacePoint(Wire):
    """The fields that a correction from a phone may change."""

    type: Annotated[str, Field(max_length=60)] | None = None
    kind: Annotated[str, Field(max_length=60)] | None = None
    level: Annotated[str, Field(max_length=60)] | None = None
    place_words: Annotated[str, Field(max_length=200)] | None = None
    place: tuple[Lon, Lat] | None = None


def read_body(model: type[Any], payload: Mapping[str, Any], **more: Any) -> Any:
    """The payload as its model, or the fields that are wrong."""
    try:
        found: BaseModel = model.model_validate({**payload, **more})
    except ValidationError as error:
        fields = [
            {"field": ".".join(map(str, one["loc"])), "problem": one["msg"]}
            for one in error.errors(include_context=False, include_input=False)
        ]
        names = "、".join(dict.fromkeys(one["field"] for one in fields))
        raise Invalid(
            "invalid_input",
            f"填写有误，请检查：{names or '提交的内容'}",
            f"please check: {names or 'the content sent'}",
            fields=fields,
        ) from None
    return found


def split_photos(payload: Mapping[str, Any]) -> tuple[dict[str, Any], list[uploads.Photo]]:
    """The payload without its photos, and the photos."""
    rest = dict(payload)
    given = read_body(_Photos, {"photos": rest.pop("photos", [])})
    return rest, [one.photo() for one in given.photos]


class _Photos(Wire):
    photos: Photos


def place_of(tx: Tx, case_id: UUID) -> Place:
    row = tx.one("select pos, unit_ids from cases where id = %s", [case_id])
    return Place(row["pos"], row["unit_ids"]) if row else Place()


def add_photos(
    tx: Tx, actor: Actor, case_id: UUID, photos: Sequence[uploads.Photo], step: UUID | None
) -> list[str]:
    """Attach what has come, promise the rest; returns the hashes that are awaited."""
    ready, missing = uploads.resolve(tx, actor.id, photos)
    files.attach(tx, case_id, ready, account_id=actor.id, step_id=step)
    if ready:
        tx.run(PHOTO, [case_id])
    return uploads.promise(tx, actor.id, missing, case_id, step)


def take_step(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    """As the door of steps; photos that the rules ask for must have come, others may follow."""
    rest, photos = split_photos(op.payload)
    body: StepBody = read_body(StepBody, rest, id=str(op.id), version=op.version)
    ready, missing = uploads.resolve(tx, actor.id, photos)
    said = body.given()
    given = replace(said, file_ids=(*ready, *body.files), data={**said.data, **op.times()})
    state = Became.APPLIED
    try:
        try:
            with tx.conn.transaction():
                case = step_of_account(tx, actor, op.record, given)
        except Refusal as refusal:
            if refusal.code != "stale_version" or _moved(tx, op):
                raise
            # Only words were added meanwhile: the case still waits for just this step.
            state = Became.MERGED
            case = step_of_account(tx, actor, op.record, replace(given, version=None))
    except Invalid as refusal:
        if missing and str(refusal.details.get("field", "")).startswith("photo"):
            awaited = [photo.sha256.hex() for photo in missing]
            raise Later(
                "photo_needed", "这一步要先上传照片", "this step needs its photo first",
                awaits=awaited,
            ) from None  # fmt: skip
        raise
    awaits = uploads.promise(tx, actor.id, missing, op.record, op.id)
    result = {"state": case["state"], "version": case["version"], "awaits": awaits}
    return Outcome(state, result)


def _moved(tx: Tx, op: Operation) -> bool:
    return tx.one(MOVED_SINCE, [op.record, op.version or 0]) is not None


def propose_step(tx: Tx, actor: Actor, op: Operation, refusal: Refusal) -> Outcome | None:
    """What was said with a step that came too late stands as a note; the step is proposed."""
    if not is_too_late(refusal):
        return None
    rest, photos = split_photos(op.payload)
    body: StepBody = read_body(StepBody, rest, id=str(op.id))
    words = "\n".join(filter(None, (body.note.strip(), body.answer.strip())))
    named = rules(tx).workflow.by_action.get(body.action.value)
    awaits = _note(
        tx, actor, op, words or (named.zh if named else body.action.value), photos,
        offered=body.action.value, code=refusal.code,
    )  # fmt: skip
    return Outcome(
        Became.PROPOSAL, {"awaits": awaits}, refusal=refusal, place=place_of(tx, op.record)
    )


def note(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    body: NoteBody = read_body(NoteBody, op.payload)
    if not body.note.strip() and not body.photos:
        raise Invalid("field_needed", "请填写说明", "write a note", field="note")
    awaits = _note(tx, actor, op, body.note.strip(), [one.photo() for one in body.photos])
    return Outcome(result={"awaits": awaits})


def note_after_all(tx: Tx, actor: Actor, op: Operation, refusal: Refusal) -> Outcome | None:
    """A case that left the ground, or this person's post: what he saw there still counts."""
    return note(tx, actor, op) if is_too_late(refusal) else None


def _note(
    tx: Tx, actor: Actor, op: Operation, words: str, photos: Sequence[uploads.Photo], **more: str
) -> list[str]:
    case = locked(tx, op.record)
    if is_about(actor, case) or not (_sees(actor, case) or op.had()):
        raise not_found()
    ready, missing = uploads.resolve(tx, actor.id, photos)
    if tx.one("select 1 from case_steps where id = %s", [op.id]) is None:
        given = StepInput(
            id=op.id, action=Action.REMARK, note=words, file_ids=tuple(ready),
            data=op.times() | more,
        )  # fmt: skip
        marked(tx, case, given, Taker("account", actor.id, actor.name, actor.title))
    return uploads.promise(tx, actor.id, missing, op.record, op.id)


def _sees(actor: Actor, case: dict[str, Any]) -> bool:
    """The rule of row-level security, said again for a transaction that is past it."""
    on_ground = any(low <= case["pos"] < high for low, high in actor.scope)
    return (
        on_ground
        or case["created_by"] == actor.id
        or bool(actor.unit_ids.intersection(case["unit_ids"]))
    )


def attach(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    body: AttachBody = read_body(AttachBody, op.payload)
    case = locked(tx, op.record)
    if is_about(actor, case) or not (_sees(actor, case) or op.had()):
        raise not_found()
    step = tx.one(
        "select 1 from case_steps where id = %s and case_id = %s and account_id = %s",
        [body.step, op.record, actor.id],
    )
    awaits = add_photos(
        tx, actor, op.record, [one.photo() for one in body.photos], body.step if step else None
    )
    return Outcome(result={"awaits": awaits})


def attach_after_all(tx: Tx, actor: Actor, op: Operation, refusal: Refusal) -> Outcome | None:
    return attach(tx, actor, op) if is_too_late(refusal) else None


def read_fields(tx: Tx, _actor: Actor, case_id: UUID) -> dict[str, Any]:
    case = locked(tx, case_id)
    point = None if case["lon"] is None else [case["lon"], case["lat"]]
    named = ("type", "kind", "level", "place_words")
    return {name: case[name] for name in named} | {"place": point}


def write_fields(tx: Tx, actor: Actor, op: Operation, values: dict[str, Any]) -> None:
    """As the door of corrections; the version is the present one, because fields were merged."""
    fields: PlacePoint = read_body(PlacePoint, values)
    lon, lat = fields.place or (None, None)
    words = read_body(CorrectionBody, {
        "id": str(op.id), "version": locked(tx, op.record)["version"],
        "note": op.payload.get("note", ""), "type": fields.type, "kind": fields.kind,
        "level": fields.level, "place_words": fields.place_words, "lon": lon, "lat": lat,
    })  # fmt: skip
    correct(tx, actor, op.record, Correction(**words.model_dump()))


def propose_fields(tx: Tx, actor: Actor, op: Operation, refusal: Refusal) -> Outcome | None:
    """Who may not correct a case himself has proposed it to whoever may."""
    if not is_too_late(refusal):
        return None
    case = locked(tx, op.record)
    if is_about(actor, case) or not (_sees(actor, case) or op.had()):
        return None
    return Outcome(Became.PROPOSAL, refusal=refusal, place=place_of(tx, op.record))


@facts.on("FileCame")
def show_first_picture(tx: Tx, came: Sequence[facts.Fact]) -> None:
    for fact in came:
        tx.run(PHOTO, [fact.subject])


STAMPS = """
select c.id, concat_ws('.', c.version, (select count(*) from files f where f.case_id = c.id),
    extract(epoch from c.due_at)::bigint) as stamp
from cases c where {where} order by c.received_at desc limit {most}
"""


def stamps(tx: Tx, actor: Actor) -> dict[UUID, str]:
    """Open cases of the person's own ground, if it is a grid's or some grids', and of his own.

    Buttons are part of what is shown, so rules and posts are part of the stamp.
    """
    spans = [pair for post in actor.posts if "case.verify" in post.grants for pair in post.span]
    if sum(high - low for low, high in spans) > FEW_GRIDS:
        spans = []
    ground = [pos for low, high in spans for pos in range(low, high)]
    handles = actor.reach("case.handle").units
    supervises = any(post.role == "supervisor" for post in actor.posts)
    sampled = actor.reach("case.check").scope if supervises else "{}"
    where = (
        f"{queries.OPEN} and (c.pos = any(%(ground)s) or c.created_by = %(me)s"
        " or c.unit_id = any(%(units)s) or (c.state = 'checking' and c.duty = 'supervisor'"
        " and c.pos <@ %(sampled)s::int4multirange))"
    )
    rows = tx.rows(
        STAMPS.format(where=where, most=MOST_HELD),
        {"ground": ground, "me": actor.id, "units": handles, "sampled": sampled},
    )
    posts = hash_of(post.id for post in actor.posts)
    return {row["id"]: f"{row['stamp']}.{tx.versions['rules']}.{posts}" for row in rows}


def hash_of(ids: Any) -> str:
    """A short word that changes with the set."""
    found = 0
    for one in ids:
        found ^= one.int
    return f"{found & 0xFFFFFFFF:x}"


def rows(tx: Tx, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Each as the door of a case gives it."""
    found = {}
    for case_id in ids:
        row = queries.whole(tx, case_id)
        if row is not None:
            steps, attached = queries.steps(tx, case_id), queries.files_of(tx, case_id)
            found[case_id] = view(tx, actor, row, steps, attached) | {"asker": None}
    return found


kind(Kind("case.note", note, instead=note_after_all, leavers=True, collection="case"))
kind(Kind("case.step", take_step, instead=propose_step, collection="case"))
kind(Kind("case.attach", attach, instead=attach_after_all, leavers=True, collection="case"))
kind(
    Kind(
        "case.correct",
        merging=Merging(read_fields, write_fields, place_of),
        instead=propose_fields,
        collection="case",
    )
)
collection(
    Collection(
        "case",
        "本辖区未办结的事件，和本人上报、承办、抽查的未办结事件：到现场核实、办理、核查要用",
        "open cases of one's own grids, those one reported, handles or samples: for going there",
        stamps,
        rows,
    )
)
