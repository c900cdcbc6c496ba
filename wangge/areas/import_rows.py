"""What imports share: each row is checked by itself, and nothing is written while one is wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from wangge.kernel.errors import Invalid

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row cannot be taken; ``row`` counts from 1 as in the file."""

    row: int
    name: str
    code: str
    zh: str
    en: str


@dataclass(slots=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do."""

    dry_run: bool
    rows: int
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)

    @property
    def written(self) -> bool:
        return not self.dry_run and not self.errors


def checked(
    report: ImportReport, rows: Sequence[Any], read: Callable[[int, Any], Found]
) -> Iterator[Found]:
    """Yield what ``read`` makes of each row; its refusals go into the report."""
    for number, row in enumerate(rows, start=1):
        try:
            yield read(number, row)
        except Invalid as refusal:
            report.errors.append(
                RowError(number, word(row, "name"), refusal.code, refusal.zh, refusal.en)
            )


def word(row: Any, key: str) -> str:
    """Read a column of a record or a property of a feature, whatever the file made of it."""
    held = row.get("properties", row) if isinstance(row, Mapping) else {}
    value = held.get(key) if isinstance(held, Mapping) else None
    return "" if value is None else str(value).strip()


def required(row: Any, key: str) -> str:
    found = word(row, key)
    if not found:
        raise Invalid(f"no_{key}", f"缺少 {key}", f"{key} is missing")
    return found
