"""The wire shapes of video sites and of their register."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from wangge.cases.schemas import Lat, Lon, UnitView, Wire
from wangge.video.models import Look, SiteDraft, Way

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Words = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]
Url = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class VideoSite(BaseModel):
    """A site as it is listed: how it may be looked at, never the address itself."""

    id: UUID
    code: str
    name: str
    place_words: str
    names: list[str]
    lon: float
    lat: float
    owner: UnitView
    ways: list[Way]

    @classmethod
    def of(cls, row: dict[str, object]) -> Self:
        ways = [way for way in Way if row[f"{way.value}_url"]]
        owner = {"id": row["owner_id"], "name": row["owner"]}
        return cls.model_validate({**row, "owner": owner, "ways": ways})


class NearVideoSite(VideoSite):
    metres: int


class VideoSiteList(BaseModel):
    items: list[VideoSite]
    next: str | None


class NearVideoSites(BaseModel):
    """``placed``: whether the case has a place to look around."""

    items: list[NearVideoSite]


class EditedVideoSite(VideoSite):
    """For whoever keeps the list: with the addresses."""

    page_url: str
    snapshot_url: str
    active: bool


class EditedVideoSites(BaseModel):
    """``hosts``: from where the city lets snapshots come."""

    items: list[EditedVideoSite]
    next: str | None
    hosts: list[str]


class VideoSiteBody(Wire):
    code: Annotated[Line, Field(min_length=1, max_length=60)]
    name: Annotated[Line, Field(min_length=1, max_length=100)]
    owner_id: UUID
    lon: Lon
    lat: Lat
    place_words: Line = ""
    page_url: Url = ""
    snapshot_url: Url = ""
    active: bool = True

    def draft(self, site_id: UUID) -> SiteDraft:
        return SiteDraft(id=site_id, **self.model_dump())


class LookBody(Wire):
    """``id`` is made by whoever looks; ``case_id`` where it is for a case."""

    id: UUID
    way: Way
    reason: Words
    case_id: UUID | None = None

    def look(self, site_id: UUID) -> Look:
        return Look(self.id, site_id, self.way, self.reason, self.case_id)


class VideoLook(BaseModel):
    """``url``: of the owner's page; a snapshot is asked for by the look's id until ``until``."""

    id: UUID
    at: datetime
    until: datetime
    url: str | None


class KeptPicture(BaseModel):
    file_id: UUID
    case_id: UUID


class RegisterLine(BaseModel):
    """Who looked at which site, by which post, when and why; the case if one may see it."""

    id: UUID
    at: datetime
    way: Way
    reason: str
    account_name: str
    account_post: str
    site_id: UUID
    code: str
    name: str
    owner: str
    for_case: bool
    case_id: UUID | None
    case_number: str | None
    shown_at: datetime | None
    kept_at: datetime | None
    kept_reason: str


class VideoRegister(BaseModel):
    """``whole``: all looks within reach; otherwise one's own alone."""

    items: list[RegisterLine]
    next: str | None
    whole: bool
