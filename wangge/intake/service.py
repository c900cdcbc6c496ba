"""From words to cases: place, type, emergency, desk and deadline, computed over the rules."""

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import orjson

from wangge.areas.models import Area, Level
from wangge.cases.models import TOTAL_STAGES, Asker, Mode, Opening
from wangge.cases.opening import open_many
from wangge.cases.service import stage_limit
from wangge.dispatch.directory import Directory, Unit, directory
from wangge.dispatch.routing import choose
from wangge.intake.models import AskerWords, Receipt, Report, Source
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.tenant.deadline import deadline
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

LONGEST_TEXT = 10_000
LONGEST_TITLE = 60
CLOCK_MAY_ERR = timedelta(minutes=10)
DESK_LEVEL = Level.TOWNSHIP
DEFAULT_KIND = "help"
DEFAULT_LEVEL = "normal"
URGENT_LEVEL = "urgent"
STILL_OF_NOW = timedelta(hours=6)


def receive_many(tx: Tx, reports: Sequence[Report], source: Source) -> list[Receipt]:
    """Open a case for each report, in order; all or none. A repeat answers as the first did."""
    known, places = rules(tx), directory(tx)
    openings = [opening_of(tx, known, places, report, source) for report in reports]
    numbers = open_many(tx, openings)
    return [
        Receipt(
            opening.id,
            numbers[opening.id],
            follow_code(tx, opening) if opening.asker and opening.asker.code_hash else "",
            opening.place_state,
            opening.emergency,
            _names(places, opening),
        )
        for opening in openings
    ]


def heard(tx: Tx, text: str) -> dict[str, Any]:
    """Emergency words in a text, and whom to call at once."""
    found = rules(tx).matcher(text)
    return {
        "groups": found.groups,
        "words": found.words,
        "help": [
            {"name": {"zh": help_.zh, "en": help_.en}, "number": help_.number}
            for help_ in found.help
        ],
    }


def follow_code(tx: Tx, opening: Opening) -> str:
    """60 bits made from the case's id and the installation's key: a repeat gets the same code."""
    return code_of(tx.cell.tenant, opening.id.bytes)


def code_of(tenant: str, case_id: bytes) -> str:
    digest = hmac.digest(crypto.keys().derive("follow", tenant), case_id, "sha256")
    text = b32encode(digest)[:12].decode().replace("I", "8").replace("O", "9")
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def code_hash(code: str) -> bytes:
    """What is kept of a follow code; hyphens, blanks and small letters do not matter."""
    plain = "".join(ch for ch in code.upper() if ch.isalnum())
    return hashlib.sha256(plain.encode()).digest()


def _names(places: Directory, opening: Opening) -> list[str]:
    return [area.short_name for area in places.line(places.atlas.area(opening.area_id))[1:]]


def opening_of(tx: Tx, known: Rules, places: Directory, report: Report, source: Source) -> Opening:
    """Everything computed for one report at ``tx.now``; nothing is read or written here."""
    text = report.text.strip()
    _check(known, report, text, tx.now)
    place, place_state = _place(places, report, source)
    emergency = known.matcher(f"{report.title}。{text}").groups
    suggested = known.suggester(f"{report.title} {text}")
    level = report.level or (URGENT_LEVEL if emergency else _usual_level(known, report))
    chosen = choose(
        known.routes, known.types, places, place,
        report.type or (suggested[0].type.code if suggested else None),
    )  # fmt: skip
    desk = _desk(places, place, place_state, source)
    due, limit, total = _due(known, report.type, level, tx.now)
    return Opening(
        id=report.id,
        request_hash=_hash(report, source),
        title=_title(report.title, text),
        text=text,
        kind=report.kind or _kind(known, report),
        type=report.type,
        level=level,
        channel=report.channel,
        emergency=emergency,
        wakes=bool(emergency) and _is_of_now(tx.now, report),
        pos=place.pos,
        area_id=place.id,
        desk_id=desk.id,
        place_state=place_state,
        received_at=tx.now,
        due_at=due,
        due_limit=limit,
        total_due_at=total,
        rules_version=tx.versions["rules"],
        number_prefix=places.above(place, DESK_LEVEL).code,
        lon=report.lon,
        lat=report.lat,
        place_words=report.place_words.strip()[:200],
        found_at=report.found_at,
        reported_at=report.reported_at,
        route={
            "suggested": [{"code": one.type.code, "reasons": list(one.words)} for one in suggested],
            **(chosen.reason(known.types) if chosen else {}),
        },
        created_by=source.actor.id if source.actor else None,
        source_ref=report.source_ref,
        asker=_asker(tx, report),
        actor_name=source.actor.name if source.actor else source.name,
        actor_title=source.actor.title if source.actor else "",
        file_ids=report.file_ids,
        file_token=report.file_token,
    )


def _check(known: Rules, report: Report, text: str, now: datetime) -> None:
    if not text:
        raise Invalid("text_needed", "请写一句发生了什么", "please say what happened", field="text")
    if len(text) > LONGEST_TEXT:
        raise Invalid(
            "text_too_long",
            f"内容过长（{len(text)} 字），请控制在 {LONGEST_TEXT} 字以内",
            f"too long ({len(text)} characters): at most {LONGEST_TEXT}",
            field="text",
        )
    if report.found_at and report.found_at > now + CLOCK_MAY_ERR:
        raise Invalid(
            "found_in_future",
            "发现时间晚于现在，请检查手机时间",
            "the time of discovery lies in the future; check the phone's clock",
            field="found_at",
        )
    if report.type is not None and report.type not in known.types.by_code:
        raise Invalid("unknown_type", "没有这个事项类型", "no such case type", field="type")
    for field, rows in (
        ("channel", known.lists.channels),
        ("kind", known.lists.kinds),
        ("level", known.lists.levels),
    ):
        value = getattr(report, field)
        if value and value not in {row.code for row in rows}:
            raise Invalid(
                f"unknown_{field}", "选项不存在，请刷新后重选", "no such choice", field=field
            )


def _place(places: Directory, report: Report, source: Source) -> tuple[Area, str]:
    """The deepest area known and how sure it is: located, unverified or outside."""
    known = places.atlas
    if report.lon is not None and report.lat is not None:
        found = known.locator.at(report.lon, report.lat)
        return (found, "located") if found else (places.city, "outside")
    named = known.areas.get(report.area_id) if report.area_id else None
    named = named or known.codes.get(report.area_code)
    if named:
        return named, "located" if named.level.depth >= Level.GRID.depth else "unverified"
    return _own_ground(places, source) or places.city, "unverified"


def _own_ground(places: Directory, source: Source) -> Area | None:
    """Who cannot say where it is keeps it at his own desk; nobody's goes to the sorting desk."""
    if source.actor is None:
        return None
    for post in source.actor.posts:
        if post.area and post.unit and "case.accept" in post.grants:
            return places.atlas.codes.get(post.area["code"])
    return None


def _desk(places: Directory, place: Area, place_state: str, source: Source) -> Unit:
    """The township's desk for what has a place, the sorting desk of the city for what has none."""
    own = _own_ground(places, source) if place_state == "unverified" else None
    at_home = own is not None and own.id == place.id
    desk = places.nearest("desk", place if at_home else places.above(place, DESK_LEVEL))
    if desk is None:
        raise Invalid(
            "no_desk",
            "本单位还没有设置受理台，请联系系统管理员",
            "this city has no desk yet; tell the system administrator",
        )
    return desk


def _due(
    known: Rules, code: str | None, level: str, now: datetime
) -> tuple[datetime, str, datetime]:
    """The first stage's deadline, its limit, and the end of all stages one after the other."""
    limit = stage_limit(known, code, "accept", level)
    due = end = deadline(known.calendar, now, limit).due_at
    for stage in TOTAL_STAGES[1:]:
        end = deadline(known.calendar, end, stage_limit(known, code, stage, level)).due_at
    return due, str(limit), end


def _kind(known: Rules, report: Report) -> str:
    kind = known.types.by_code[report.type].kind if report.type else None
    return kind or DEFAULT_KIND


def _title(title: str, text: str) -> str:
    first = title.strip() or text.split("\n", maxsplit=1)[0]
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"


def _asker(tx: Tx, report: Report) -> Asker | None:
    said = report.asker or (AskerWords() if report.wants_code else None)
    if said is None:
        return None
    tenant = tx.cell.tenant
    known = said.mode is not Mode.ANONYMOUS
    name = said.name.strip()[:50] if known else ""
    phone = crypto.normal_phone(said.phone) if known and said.phone.strip() else ""
    return Asker(
        mode=said.mode,
        name_sealed=crypto.seal(tenant, name) if name else None,
        phone_sealed=crypto.seal(tenant, phone) if phone else None,
        phone_index=crypto.index(tenant, phone) if phone else None,
        name_mask=crypto.mask_name(name) if name else "",
        phone_mask=crypto.mask_phone(phone) if phone else "",
        code_hash=code_hash(code_of(tenant, report.id.bytes)),
        locale=report.locale,
    )


def _usual_level(known: Rules, report: Report) -> str:
    return known.types.by_code[report.type].level if report.type else DEFAULT_LEVEL


def _is_of_now(now: datetime, report: Report) -> bool:
    return report.reported_at is None or now - report.reported_at < STILL_OF_NOW


def _hash(report: Report, source: Source) -> bytes:
    """What must be the same for a repeat: the words, and who of the staff says them."""
    by = source.actor and str(source.actor.id)
    said: dict[str, Any] = {**asdict(report), "file_token": None, "by": by}
    return hashlib.sha256(orjson.dumps(said, default=str, option=orjson.OPT_SORT_KEYS)).digest()
