"""Reading a matter: place, type, emergency, desk and deadline, computed over the rules."""

import hashlib
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import orjson

from wangge.areas.models import Area, Level
from wangge.cases.clock import first_due
from wangge.cases.models import Asker, Mode, Opening
from wangge.cases.opening import Opened
from wangge.classify import service as classify
from wangge.dispatch.directory import Directory, Unit, directory
from wangge.dispatch.loads import open_of
from wangge.dispatch.routing import Matter, choose
from wangge.intake.models import AskerWords, Receipt, Report, Source
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
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
LETTERS = "ABCDEFGH8JKLMN9PQRSTUVWXYZ234567"  # base 32 without what looks like 1 and 0
LISTED = (("channel", "channels"), ("kind", "kinds"), ("level", "levels"))


class Reader:
    """Reads the matters of one transaction; what many of them share is worked out once."""

    def __init__(
        self,
        tx: Tx,
        source: Source,
        known: Rules | None = None,
        places: Directory | None = None,
        *,
        in_batch: bool = False,
    ) -> None:
        self.now, self.tenant, self.in_batch = tx.now, tx.cell.tenant, in_batch
        self.version = tx.versions["rules"]
        self.source = source
        self.rules, self.places = known or rules(tx), places or directory(tx)
        self.model = classify.current(tx)
        self._dues: dict[tuple[str | None, str, UUID, datetime | None], dict[str, Any]] = {}
        self._routes: dict[tuple[UUID, str | None, UUID], dict[str, Any]] = {}
        self._open_of = partial(open_of, tx)

    def try_opening(self, report: Report | Refusal) -> Opening | Refusal:
        if isinstance(report, Refusal):
            return report
        try:
            return self.opening(report)
        except Refusal as refusal:
            return refusal

    def opening(self, report: Report) -> Opening:
        """Everything that a new case is written with; refuses what cannot be taken."""
        text = report.text.strip()
        self._check(report, text)
        place, place_state = self._place(report)
        emergency = self.rules.matcher(told(report.title, "。", text)).groups
        heard = classify.listen(self.rules, self.model, report.title, text)
        level = report.level or (URGENT_LEVEL if emergency else self._usual_level(report))
        guess = report.type or heard.first
        sorted_at = self.places.city if report.to_sorting_desk else place
        desk_id = self._desk(sorted_at, place_state).id
        actor, limits_from = self.source.actor, self._limits_from(report)
        return Opening(
            id=report.id,
            request_hash=_hash(report, self.source),
            title=_title(report.title, text),
            text=text,
            kind=report.kind or self._kind(report),
            type=report.type,
            level=level,
            channel=report.channel,
            emergency=emergency,
            wakes=bool(emergency) and self._is_of_now(report),
            pos=place.pos,
            area_id=place.id,
            desk_id=desk_id,
            place_state=place_state,
            received_at=self.now,
            rules_version=self.version,
            number_prefix=self.places.above(place, DESK_LEVEL).code,
            lon=report.lon,
            lat=report.lat,
            place_words=report.place_words.strip()[:200],
            found_at=report.found_at,
            reported_at=report.reported_at,
            route={
                **heard.kept(),
                **self._route(place, guess, desk_id),
            },
            created_by=actor.id if actor else None,
            source_ref=report.source_ref,
            asker=self._asker(report),
            in_batch=self.in_batch,
            actor_name=actor.name if actor else self.source.name,
            actor_title=actor.title if actor else "",
            file_ids=report.file_ids,
            file_token=report.file_token,
            limits_from=limits_from,
            **self._due(report.type, level, desk_id, limits_from),
        )

    def receipt(self, opening: Opening, opened: Opened) -> Receipt:
        """What the sender is told; the follow code is made anew from the id each time."""
        line = self.places.line(self.places.atlas.area(opening.area_id))[1:]
        return Receipt(
            opening.id,
            opened.number or "",
            code_of(self.tenant, opening.id.bytes) if opening.asker else "",
            opening.place_state,
            opening.emergency,
            [area.short_name for area in line],
        )

    def _check(self, report: Report, text: str) -> None:
        if not text:
            raise Invalid(
                "text_needed", "请写一句发生了什么", "please say what happened", field="text"
            )
        if len(text) > LONGEST_TEXT:
            raise Invalid(
                "text_too_long",
                f"内容过长（{len(text)} 字），请控制在 {LONGEST_TEXT} 字以内",
                f"too long ({len(text)} characters): at most {LONGEST_TEXT}",
                field="text",
            )
        if report.found_at and report.found_at > self.now + CLOCK_MAY_ERR:
            raise Invalid(
                "found_in_future",
                "发现时间晚于现在，请检查手机时间",
                "the time of discovery lies in the future; check the phone's clock",
                field="found_at",
            )
        if report.type is not None and report.type not in self.rules.types.by_code:
            raise Invalid("unknown_type", "没有这个事项类型", "no such case type", field="type")
        for field, listed in LISTED:
            value = getattr(report, field)
            if value and value not in self.rules.lists.codes[listed]:
                raise Invalid(
                    f"unknown_{field}", "选项不存在，请刷新后重选", "no such choice", field=field
                )
        asker = (report.asker.name, report.asker.phone) if report.asker else ()
        for words in (text, report.title, report.place_words, report.source_ref, *asker):
            if "\0" in words:
                raise Invalid(
                    "unfit_value",
                    "内容里有系统不能保存的字符或数值，请检查后重试",
                    "the content holds characters or numbers that cannot be stored; please check",
                )

    def _place(self, report: Report) -> tuple[Area, str]:
        """The deepest area known and how sure it is: located, unverified or outside."""
        known = self.places.atlas
        if report.lon is not None and report.lat is not None:
            found = known.locator.at(report.lon, report.lat)
            return (found, "located") if found else (self.places.city, "outside")
        named = known.areas.get(report.area_id) if report.area_id else None
        named = named or known.codes.get(report.area_code)
        if named:
            return named, "located" if named.level.depth >= Level.GRID.depth else "unverified"
        return self._own_ground() or self.places.city, "unverified"

    def _own_ground(self) -> Area | None:
        """Who cannot say where keeps it at his own desk; nobody's goes to the sorting desk."""
        if self.source.actor is None:
            return None
        for post in self.source.actor.posts:
            if post.area and post.unit and "case.accept" in post.grants:
                return self.places.atlas.codes.get(post.area["code"])
        return None

    def _desk(self, place: Area, place_state: str) -> Unit:
        """The township's desk for what has a place, the city's sorting desk for what has none."""
        own = self._own_ground() if place_state == "unverified" else None
        at_home = own is not None and own.id == place.id
        desk = self.places.nearest(
            "desk", place if at_home else self.places.above(place, DESK_LEVEL)
        )
        if desk is None:
            raise Invalid(
                "no_desk",
                "本单位还没有设置受理台，请联系系统管理员",
                "this city has no desk yet; tell the system administrator",
            )
        return desk

    def _route(self, place: Area, code: str | None, desk_id: UUID) -> dict[str, Any]:
        """Which unit the directory names, and why; nothing when it says nothing."""
        key = place.id, code, desk_id
        if key not in self._routes:
            chosen = choose(
                self.rules, self.places, Matter(place, code, desk_id, self.now), self._open_of
            )
            self._routes[key] = chosen.reason(self.rules) if chosen else {}
        return self._routes[key]

    def route_of(self, area_id: UUID, code: str | None, desk_id: UUID, text: str) -> dict[str, Any]:
        """What the words of a case that stands point to: types, and a unit for the first."""
        words = classify.listen(self.rules, self.model, "", text)
        place = self.places.atlas.area(area_id)
        return {**words.kept(), **self._route(place, code or words.first, desk_id)}

    def _limits_from(self, report: Report) -> datetime | None:
        """The discovery where the city lets limits run from it, never before its bound; or None."""
        hours = self.rules.switches.limits_from_found_hours
        if not (hours and self.source.sure_when and report.found_at):
            return None
        start = max(report.found_at, self.now - timedelta(hours=hours))
        return start if start < self.now else None

    def _due(
        self, code: str | None, level: str, desk_id: UUID, limits_from: datetime | None
    ) -> dict[str, Any]:
        key = code, level, desk_id, limits_from
        if key not in self._dues:
            self._dues[key] = first_due(self.rules, limits_from or self.now, code, level, desk_id)
        return self._dues[key]

    def _kind(self, report: Report) -> str:
        kind = self.rules.types.by_code[report.type].kind if report.type else None
        return kind or DEFAULT_KIND

    def _usual_level(self, report: Report) -> str:
        return self.rules.types.by_code[report.type].level if report.type else DEFAULT_LEVEL

    def _is_of_now(self, report: Report) -> bool:
        return report.reported_at is None or self.now - report.reported_at < STILL_OF_NOW

    def _asker(self, report: Report) -> Asker | None:
        said = report.asker or (AskerWords() if report.wants_code else None)
        if said is None:
            return None
        known = said.mode is not Mode.ANONYMOUS
        name = said.name.strip()[:50] if known else ""
        phone = crypto.normal_phone(said.phone) if known and said.phone.strip() else ""
        return Asker(
            mode=said.mode,
            name_sealed=crypto.seal(self.tenant, name) if name else None,
            phone_sealed=crypto.seal(self.tenant, phone) if phone else None,
            phone_index=crypto.index(self.tenant, phone) if phone else None,
            name_mask=crypto.mask_name(name) if name else "",
            phone_mask=crypto.mask_phone(phone) if phone else "",
            code_hash=code_hash(code_of(self.tenant, report.id.bytes)),
            locale=report.locale,
        )


def code_of(tenant: str, key: bytes) -> str:
    """60 bits made from ``key``, a case's id, and the installation's: a repeat gets the same."""
    digest = crypto.signed(crypto.keys().derive("follow", tenant), key)
    bits = int.from_bytes(digest[:8])
    text = "".join([LETTERS[bits >> shift & 31] for shift in range(59, 3, -5)])
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def code_hash(code: str) -> bytes:
    """What is kept of a follow code; hyphens, blanks and small letters do not matter."""
    plain = "".join(filter(str.isalnum, code.upper()))
    return hashlib.sha256(plain.encode()).digest()


def told(title: str, apart: str, text: str) -> str:
    """All words of a report, as they are looked through."""
    return f"{title}{apart}{text}" if title.strip() else text


def _title(title: str, text: str) -> str:
    first = title.strip() or text.split("\n", maxsplit=1)[0]
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"


def _hash(report: Report, source: Source) -> bytes:
    """What must be the same for a repeat: the words, and who of the staff says them.

    The token of the files' sender is left out: a phone that lost it still says the same.
    """
    said = {"by": source.actor and source.actor.id, "said": report}
    plain = orjson.dumps(said, default=_left_out, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(plain).digest()


def _left_out(_: bytes) -> None:
    """Bytes are no words."""
