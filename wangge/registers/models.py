"""What is written down of homes and of who lives in them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

SPACES = re.compile(r"[\s\-—_,，、.。·#号楼栋幢座单元室户房]+")


class DwellingKind(StrEnum):
    """自住、出租、空置、商铺."""

    HOME = "home"
    RENTED = "rented"
    VACANT = "vacant"
    SHOP = "shop"


class Consent(StrEnum):
    """Why somebody may be written down: he agreed, or a law says so."""

    GIVEN = "given"
    LEGAL_DUTY = "legal_duty"


def address_key(building: str, unit: str, room: str) -> str:
    """One form of an address, so that 3号楼2单元501室 and 3-2-501 are seen to be the same."""
    parts = (unicodedata.normalize("NFKC", part).casefold() for part in (building, unit, room))
    return "-".join(SPACES.sub("", part) for part in parts)


@dataclass(frozen=True, slots=True)
class Screening:
    """摸排: one household at its door. ``area_id`` is the grid or the unit's micro-grid."""

    dwelling_id: UUID
    area_id: UUID
    room: str
    found_at: datetime
    building: str = ""
    unit: str = ""
    kind: DwellingKind = DwellingKind.HOME
    people: int | None = None
    note: str = ""
    source: str = "visit"


@dataclass(frozen=True, slots=True)
class Screened:
    """``duplicate_of``: another dwelling of this address stands in the same grid already."""

    household_id: UUID
    dwelling_id: UUID
    duplicate_of: UUID | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class ResidentDraft:
    """A person of a household as he or she agreed to be written down."""

    household_id: UUID
    purpose: str
    consent: Consent
    consent_at: datetime
    found_at: datetime
    name: str = ""
    phone: str = ""
    id_number: str = ""
    born: int | None = None
    guardian: str = ""
    is_contact: bool = False
    source: str = "visit"


@dataclass(frozen=True, slots=True)
class CareDraft:
    """关爱: why a household is visited more often, with its separate consent."""

    household_id: UUID
    kind: str
    purpose: str
    consent_at: datetime
    found_at: datetime
    resident_id: UUID | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class CautionDraft:
    """上门提醒: what to mind at a door and until when; it says nothing of anybody."""

    household_id: UUID
    kind: str
    found_at: datetime
    until: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is different now; a field that is None stays. ``version`` is what was looked at."""

    found_at: datetime
    version: int | None = None
    kind: DwellingKind | None = None
    people: int | None = None
    note: str | None = None
    words: str = ""
