"""Wire shapes of files."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from wangge.files.models import FileRow, Kind


class FileView(BaseModel):
    """A file without its bytes; ``thumb`` says whether it has smaller copies."""

    id: UUID
    case_id: UUID | None
    purpose: str
    kind: str
    mime: str
    size: int
    thumb: bool
    shot_at: datetime | None
    width: int | None
    height: int | None
    duration: float | None
    released: bool
    created_at: datetime

    @classmethod
    def of(cls, row: FileRow) -> "FileView":
        return cls(
            **{name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)},
            thumb=row.kind == Kind.IMAGE,
            duration=row.seconds,
        )


class Release(BaseModel):
    """Whether the public may see the file."""

    released: bool
